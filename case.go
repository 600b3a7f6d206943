package loam

// CaseKind is why a person is to look at a Version.
type CaseKind string

// The kinds of Case.
const (
	CaseScreen CaseKind = "screen" // the verdict asks for it
	CaseReport CaseKind = "report" // readers reported it
	CaseAppeal CaseKind = "appeal" // its creator challenges a refusal or removal
	CaseLabel  CaseKind = "label"  // its creator challenges the AI label of a text or picture
	CaseNotice CaseKind = "notice" // a claim: somebody says that it infringes her right
	CaseBarred CaseKind = "barred" // a repeat infringer challenges that she may not publish
)

// Case is a Version waiting for, or decided by, a person. A lease is held by one reviewer
// for ten minutes; Token fences: a decision with an older token is a Conflict.
type Case struct {
	ID         string   `json:"id"`
	Kind       CaseKind `json:"kind"`
	Version    string   `json:"version"`
	Work       string   `json:"work"`
	Appeal     string   `json:"appeal,omitempty"`
	Risk       Risk     `json:"risk"` // the gravest finding or report
	Priority   int64    `json:"priority"`
	Reports    int      `json:"reports"`
	OpenedAt   int64    `json:"opened_at"`
	LeasedBy   string   `json:"leased_by"`
	LeaseUntil int64    `json:"lease_until"`
	Token      int64    `json:"token"`
	Escalated  bool     `json:"escalated"`
	ClosedAt   int64    `json:"closed_at"`
}

// Ruling is what a reviewer decides.
type Ruling string

// The rulings. On an appeal, allow and limit overturn and remove upholds; on that of a label or of
// a suspension limit does not exist. On a claim, allow dismisses it, remove upholds it, and limit
// leaves it undecided: by its reason it asks or takes a measure meanwhile.
const (
	RuleAllow  Ruling = "allow"
	RuleLimit  Ruling = "limit"
	RuleRemove Ruling = "remove"
)

// Rulings lists the rulings.
func Rulings() []Ruling { return []Ruling{RuleAllow, RuleLimit, RuleRemove} }

// Decision is a reviewer's ruling. It takes effect at Effective, five seconds after it was
// made, unless undone before.
type Decision struct {
	ID        string `json:"id"`
	Case      string `json:"case"`
	Version   string `json:"version"`
	Ruling    Ruling `json:"ruling"`
	Reason    string `json:"reason"` // reason code, a Risk or "ok"
	Note      string `json:"note"`   // for colleagues, not for the creator
	Reviewer  string `json:"reviewer"`
	At        int64  `json:"at"`
	Effective int64  `json:"effective"`
	Undone    bool   `json:"undone"`
	Applied   bool   `json:"applied"`
	Seconds   int64  `json:"seconds"` // from lease to decision
	// Phrase joins the standing list while an upheld claim stands, "" for none.
	Phrase string `json:"phrase,omitempty"`
}

// Appeal is a creator's challenge of a refusal or removal.
type Appeal struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Text    string `json:"text"`
	At      int64  `json:"at"`
	Outcome string `json:"outcome"` // "" open, upheld (the decision stands) or overturned
}

// Report is a reader's complaint; no account is needed.
type Report struct {
	ID      string `json:"id"`
	Work    string `json:"work"`
	Version string `json:"version"`
	Risk    Risk   `json:"risk"`
	Text    string `json:"text"`
	Contact string `json:"contact"`
	At      int64  `json:"at"`
}

// Statement is the statement of reasons a creator reads, as data: sentences are made at
// the edge. By is machine or person.
type Statement struct {
	Version  string    `json:"version"`
	Outcome  State     `json:"outcome"`
	Reach    Action    `json:"reach"`
	By       string    `json:"by"`
	Reason   string    `json:"reason"`
	Rule     string    `json:"rule"`
	Policy   string    `json:"policy"`
	Findings []Finding `json:"findings"`
	At       int64     `json:"at"`
	AppealBy int64     `json:"appeal_by"` // last moment to appeal; 0 if it cannot be
	Appeal   *Appeal   `json:"appeal,omitempty"`
	Claim    string    `json:"claim,omitempty"` // the upheld claim it was removed by; a counter-notice answers it
}

// Precedent is an earlier ruling of the same risk, for a reviewer to be consistent with.
// Alike counts the parts of its text's sketch it shares with the case's text.
type Precedent struct {
	Case    string `json:"case"`
	Title   string `json:"title"`
	Ruling  Ruling `json:"ruling"`
	Reason  string `json:"reason"`
	At      int64  `json:"at"`
	Outcome string `json:"outcome"` // of its appeal: "", upheld or overturned
	Alike   int    `json:"alike"`
}

// ReviewDay is what a reviewer has looked at on a legal day. Since is when the stretch began
// that had no pause of five minutes so far, 0 if she rests.
type ReviewDay struct {
	Decided int   `json:"decided"`
	Seconds int64 `json:"seconds"` // spent on the cases decided
	Since   int64 `json:"since"`
}
