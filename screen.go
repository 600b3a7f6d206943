package loam

// Risk is what may be wrong with content: the short words of the glossary, the same in
// code, API and policies. docs/risks.md maps them to the 31 risks of GB/T 45654-2025.
type Risk string

// The risks.
const (
	Politics       Risk = "politics"
	Terror         Risk = "terror"
	Violence       Risk = "violence"
	Porn           Risk = "porn"
	Rumor          Risk = "rumor"
	Discrimination Risk = "discrimination"
	Abuse          Risk = "abuse"
	Gambling       Risk = "gambling"
	Drugs          Risk = "drugs"
	Fraud          Risk = "fraud"
	Privacy        Risk = "privacy"
	Likeness       Risk = "likeness"
	IP             Risk = "ip"
	Minors         Risk = "minors"
	Advertising    Risk = "advertising"
	Diversion      Risk = "diversion"
	Copy           Risk = "copy"
	Quality        Risk = "quality"
	Limits         Risk = "limits"
	Injection      Risk = "injection"
)

// Risks lists every risk.
func Risks() []Risk {
	return []Risk{
		Politics, Terror, Violence, Porn, Rumor, Discrimination, Abuse, Gambling, Drugs, Fraud,
		Privacy, Likeness, IP, Minors, Advertising, Diversion, Copy, Quality, Limits, Injection,
	}
}

// Action is what a policy says is to happen with a Version.
type Action string

// The actions, mildest first; the strongest of several wins.
const (
	Allow      Action = "allow"
	LimitReach Action = "limit"
	Review     Action = "review"
	Block      Action = "block"
)

// Actions lists the actions, mildest first.
func Actions() []Action { return []Action{Allow, LimitReach, Review, Block} }

// Severity orders actions: 0 for allow to 3 for block, -1 for anything else.
func (a Action) Severity() int {
	for i, b := range Actions() {
		if a == b {
			return i
		}
	}
	return -1
}

// Tier is the most a phrase of a list may do by itself.
type Tier string

// The tiers.
const (
	TierBlock  Tier = "block"
	TierReview Tier = "review"
	TierSignal Tier = "signal"
)

// Finding is what one detector saw. Start and End are byte offsets in the original text
// of the field (half open), or in the whole text where a text is screened alone; both are
// 0 for findings about the whole thing. Score is a probability, 0 to 1.
type Finding struct {
	Risk     Risk              `json:"risk"`
	Detector string            `json:"detector"`
	Version  string            `json:"version"`
	Field    string            `json:"field"` // title, body, tags, page.2, picture.1; "" for a bare text
	Start    int               `json:"start"`
	End      int               `json:"end"`
	Text     string            `json:"text"` // the original bytes at the place, cut at 200
	Score    float64           `json:"score"`
	Tier     Tier              `json:"tier,omitempty"`
	Layers   []string          `json:"layers"`          // folding layers a phrase hit needed; empty if none
	Facts    map[string]string `json:"facts,omitempty"` // what a policy may read: distance, source work, share
}

// Verdict is what one policy version made of the Findings. The same Findings and the same
// policy give the same Verdict.
type Verdict struct {
	ID       string    `json:"id"`
	Action   Action    `json:"action"`
	Rules    []RuleHit `json:"rules"` // the rules that fired, in the policy's order
	Findings []Finding `json:"findings"`
	Policy   string    `json:"policy"`  // hash of the policy text
	Missing  []string  `json:"missing"` // detectors that did not answer
	Absent   []string  `json:"absent"`  // detectors that had something to look at, and are not installed
	Looks    []Look    `json:"looks"`   // the detectors that looked
	Cost     int64     `json:"cost"`    // micro-yuan, of all looks
	Millis   int64     `json:"millis"`
	At       int64     `json:"at"`
}

// Look is one detector's look at a version: which version of it, how long, and for how much.
type Look struct {
	Detector string `json:"detector"`
	Version  string `json:"version"`
	Micros   int64  `json:"micros"` // microseconds
	Cost     int64  `json:"cost"`   // micro-yuan
}

// RuleHit is one rule of a policy that fired, and the Findings (by index) it rests on.
type RuleHit struct {
	Rule     string `json:"rule"`
	Action   Action `json:"action"`
	Reason   string `json:"reason"` // reason code for the statement of reasons
	Findings []int  `json:"findings"`
}
