# 常用命令 / The commands of this project. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first Python that runs and is new enough: a name on the path may be a shim with nothing behind it.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
CODE := $(wildcard extractor corpus tests)
DEMO_OUT := out/demo
PIP := $(PY) -m pip --disable-pip-version-check
STATIC := extractor/web/static
FRONT := tests/frontend
FRONT_READY := $(FRONT)/node_modules/.ready
FRONT_BIN := $(FRONT)/node_modules/.bin

.PHONY: help setup demo serve test lint fix format types contracts size js js-checks check schema golden bench figures measure train learning screenshots \
	constraints vendor clean

help:  ## 列出命令 / list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(READY)  ## 建立 .venv 并安装 / make .venv and install

$(READY): pyproject.toml constraints.txt
	@[ -n "$(PYTHON)" ] || { echo "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed (make PYTHON=/path/to/python3)" >&2; exit 1; }
	@[ -x $(PY) ] && $(PY) -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); } || { \
		rm -rf $(VENV); echo "无法建立虚拟环境，请先安装 venv 与 ensurepip（Debian: apt-get install python3-venv）/ can't make a virtual environment: install venv and ensurepip first (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "正在安装，首次约需一两分钟 / installing, a minute or two the first time …"
	@$(PIP) install --quiet --use-pep517 --require-hashes -r constraints.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@
	@echo "已安装 / installed: $(VENV)/bin/extractor"

demo: setup  ## 提取 corpus/ 的样例文件并打印记录表 / extract the sample documents and print their records
	@files=$$($(PY) tests/house/demo_files.py corpus); \
	if [ -z "$$files" ]; then echo "corpus/ 中没有样例文件 / no sample documents in corpus/" >&2; exit 1; fi; \
	$(VENV)/bin/extractor extract $$files -o $(DEMO_OUT) --format json --show --rows 6 --quiet && \
	echo && echo "JSON: $(DEMO_OUT)/"

serve: setup  ## 启动审核工作台 / start the review workspace on 127.0.0.1
	@$(VENV)/bin/extractor serve $(ARGS)

test: setup  ## 运行全部测试（含覆盖率门槛）/ run all tests, with the coverage gate
	@$(PY) -m pytest --cov --cov-report=term:skip-covered $(ARGS)

format: setup
	@$(PY) -m ruff format --check $(CODE)

lint: setup format  ## 格式与静态检查 / formatter and linter
	@$(PY) -m ruff check $(CODE)

fix: setup  ## 自动修正格式 / format and fix
	@$(PY) -m ruff format $(CODE)
	@$(PY) -m ruff check --fix $(CODE)

types: setup
	@$(PY) -m mypy

contracts: setup
	@$(VENV)/bin/lint-imports

size: setup
	@$(PY) tests/house/size_gate.py $(CODE)

js:  ## 网页脚本与样式的检查（需要 node）/ types, lint and tests of the pages' scripts and styles (wants node)
	@if command -v npm >/dev/null 2>&1; then $(MAKE) --no-print-directory js-checks; \
	elif [ "$$CI" = true ]; then echo "缺少 / missing: node, npm" >&2; exit 1; \
	else echo "未检查网页脚本 / scripts of the pages left unchecked: node, npm（Debian: apt-get install nodejs npm）"; fi

js-checks: $(FRONT_READY)
	@$(FRONT_BIN)/tsc -p $(FRONT)
	@$(FRONT_BIN)/eslint --config $(FRONT)/eslint.config.js --max-warnings 0 $(STATIC) $(FRONT)
	@$(FRONT_BIN)/stylelint --config $(FRONT)/stylelint.config.js --ignore-pattern '**/vendor/**' '$(STATIC)/**/*.css'
	@said=$$(node --test $(FRONT)/*.test.*js 2>&1) || { echo "$$said"; exit 1; }; echo "$$said" | tail -8

$(FRONT_READY): $(FRONT)/package.json $(FRONT)/package-lock.json
	@cd $(FRONT) && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.ready

check: lint types contracts size js  ## CI 所运行的全部检查 / all that CI runs: lint, types, import contracts, size gate, scripts, schema, tests
	@$(PY) -m extractor.records.contract --check
	@$(MAKE) --no-print-directory test

schema: setup  ## 由模型重写 JSON Schema / rewrite the checked-in JSON Schema from the models
	@$(PY) -m extractor.records.contract

golden: setup  ## 重写金标准输出，请务必阅读差异 / rewrite the golden outputs; read the diff before you commit
	@UPDATE_GOLDEN=1 $(PY) -m pytest -q -k golden -p no:cacheprovider; rc=$$?; git --no-pager diff --stat; exit $$rc

bench: setup  ## 测量速度与准确度，只打印（见 docs/measures.md）/ measure speed and accuracy and print
	@for f in text cold pdf score expression_scores; do echo "== $$f"; $(PY) tests/benchmarks/$$f.py || [ $$? = 2 ] || exit 1; done

figures: setup  ## 重新测量，写入 docs/measures.md 与 README.md 的表格 / measure anew and write the tables there
	@$(PY) tests/benchmarks/report.py $(ARGS)

measure: setup  ## 测量工作台的快慢，只打印（见 docs/workspace.md）/ measure the workspace and print
	@for f in workspace browser reviewer; do echo "== $$f"; $(PY) tests/benchmarks/$$f.py || [ $$? = 2 ] || exit 1; done

train: setup  ## 重新训练随附的部件，写入 models/ / train the shipped components anew
	@$(VENV)/bin/extractor train --shipped $(ARGS)

learning: setup  ## 测量训练的部件，写入 docs/learning.md 的表格 / measure the trained components and write the tables there
	@$(PY) tests/benchmarks/learning.py $(ARGS)

screenshots: setup  ## 重拍网页图片到 docs/images/ / take the pictures of the pages anew
	@$(PY) -m tests.e2e.screenshots

vendor: setup  ## 更新网页所带的第三方文件 / refresh the vendored browser files from the npm registry
	@$(PY) tests/house/vendor.py

constraints:  ## 重算 constraints.txt / resolve constraints.txt anew
	@tests/house/constraints.sh

clean:  ## 删除 .venv 与输出 / remove .venv and outputs
	rm -rf $(VENV) $(FRONT)/node_modules out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
