"""Sample documents written as records: one spec gives a document's gold and its TXT, DOCX, PDF, XLSX and HTML.

``python -m corpus.generate`` reads ``corpus/specs/*.spec`` and writes ``corpus/{txt,docx,pdf,xlsx,html}``,
``corpus/manifest.jsonl`` and ``annotations/*.json``. The spec language is told in ``corpus/README.md``.
"""
