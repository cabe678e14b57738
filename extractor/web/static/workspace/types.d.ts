// The shapes that the workspace's modules share: the API's answers and the pane's interface.
// Offsets are Unicode code points of Document.text, half open; pages count from 1; boxes are points from the top left.

export type Status = "draft" | "approved" | "rejected";
export type Box = [number, number, number, number];
export interface Part { start: number; end: number; page?: number | null; bbox?: Box | null; cell?: [number, number, number] | null; address?: string | null }
export interface Evidence extends Part { parts?: Part[] }

export interface Target {
  metric: string; op: "ge" | "gt" | "le" | "lt" | "eq" | "approx" | "between"; value: number | null; upper: number | null; unit: string | null;
  per: string | null; baseline: string | null; implicit: boolean; alternative: number; due: string | null; scope: string | null;
  raw: string | null; strength: "must" | "strive" | null; evidence: Evidence | null;
}
export interface Deadline { raw: string; by: string | null; start: string | null; end: string | null; recurrence: string | null; evidence: Evidence | null }
export interface Responsible { name: string; role: "leader" | "lead" | "support"; evidence: Evidence | null }
export interface IndicatorRecord {
  record_id: string; path: string[]; number: string | null; text: string; kind: "target" | "task" | "bonus" | "penalty" | "veto"; tier: string | null;
  points: number | null; row_points: number | null; per_occurrence: boolean; points_cap: number | null; targets: Target[]; deadlines: Deadline[];
  responsible: Responsible[]; assessed: string[]; scoring_text: string | null; notes: string | null; evidence: Evidence;
  field_evidence: { [field: string]: Evidence[] }; field_confidence: { [field: string]: number }; confidence: number; status: Status; issues: object[];
}
export interface SetBy { actor: string; at: string; seq: number }
export interface Check { code: string; severity: "info" | "warning" | "error"; message: string; blocking: boolean; waived: boolean; fields: string[] }
/** In points: what hangs on a record, and how much of it may be wrong. Band 0 is looked at first. */
export interface EntryRisk { stake: number; record: number; band: 0 | 1 | 2; fields: { [field: string]: number } }
export interface Entry {
  record: IndicatorRecord; position: number; origin: "machine" | "person"; set_by: { [field: string]: SetBy }; inherited: string[]; checks: Check[]; risk: EntryRisk; version: number;
}
export interface Unclaimed { text: string; evidence: Evidence; reason: string }
export interface Counts { records: number; decided: number; rejected: number; blocking: number; [other: string]: number }
export interface ApprovalState { state: "open" | "first" | "approved"; by: string[] }
export interface Step { op: string; seq: number }
export interface RecordsAnswer {
  seq: number; complete: boolean; info: { [field: string]: unknown } | null; records: Entry[]; removed: string[]; unclaimed: Unclaimed[];
  counts: Counts; undo: Step | null; redo: Step | null; approval: ApprovalState;
}
export interface OperationAnswer {
  seq: number; op: string; records: Entry[]; removed: string[]; counts: Counts; undo: Step | null; redo: Step | null; approval: ApprovalState; focus: string | null;
}
export interface Difference { record: string; field: string; yours: unknown; current: unknown; actor: string | null; at: string | null }
export interface DocumentInfo {
  id: string; name: string; format: string | null; state: "queued" | "running" | "ready" | "failed"; stage: string | null; done: number; total: number; error: string | null;
  pages: number; records: number; decided: number; blocking: number; approval: string; seq: number; view: "pages" | "blocks" | "grid"; can: { [what: string]: boolean };
  title: string | null; [other: string]: unknown;
}
export interface Page { number: number; width: number; height: number }
export interface TextLine { start: number; end: number; text: string; bbox: Box; edges: number[] }
export interface ContentBlock {
  index: number; start: number; end: number; kind: "paragraph" | "table"; layer: string; level: number | null; centered: boolean; bold: boolean; text: string; table: number | null;
}
export interface ContentCell { row: number; col: number; rowspan: number; colspan: number; start: number; end: number; text: string; header: boolean; address: string | null }
export interface ContentTable { title: string | null; rows: number; cols: number; header_rows: number; cells: ContentCell[] }
export interface Content { view: string; total: number; blocks: ContentBlock[]; tables: { [index: string]: ContentTable } }

export interface Mark { id: string; record: string | null; kind: "record" | "unclaimed"; status: Status | "unclaimed"; parts: Part[] }
export interface Range { start: number; end: number }
export interface Pane {
  setMarks(marks: Mark[]): void;
  updateMark(mark: Mark): void;
  removeMark(id: string): void;
  focus(record: Part[], field: Part[] | null): void;
  selection(): (Range & { text: string }) | null;
  clearSelection(): void;
  setFilling(on: boolean): void;
  onMark: (ids: string[], event: MouseEvent) => void;
  onFill: (range: Range) => void;
  place(): object;
  restore(place: object): void;
  refresh(): Promise<void>;
}
