package loam

// Phrase is one entry of the installation's standing lists, with its evidence.
type Phrase struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Risk    Risk   `json:"risk"`
	Tier    Tier   `json:"tier"`
	Source  string `json:"source"`
	AddedBy string `json:"added_by"`
	At      int64  `json:"at"`
	Hits    int64  `json:"hits"`
}

// Event says that something of an audience changed; the reader fetches what it is.
type Event struct {
	ID    string `json:"id"`
	Topic string `json:"topic"`
	Ref   string `json:"ref"`
	At    int64  `json:"at"`
}

// DeadJob is a step of the line that gave up, with its reason.
type DeadJob struct {
	ID     int64  `json:"id"`
	Step   string `json:"step"`
	Ref    string `json:"ref"`
	Reason string `json:"reason"`
	Tries  int    `json:"tries"`
	At     int64  `json:"at"`
}

// Figures are the operator's counts at a moment.
type Figures struct {
	Accounts  int64            `json:"accounts"`
	NoAI      int64            `json:"no_ai"` // accounts with 不要对我的内容用 AI switched on
	Works     int64            `json:"works"`
	Released  int64            `json:"released"` // notes readers see now
	States    map[string]int64 `json:"states"`   // notes by the state of their newest version
	Verdicts  map[string]int64 `json:"verdicts"` // by action
	OpenCases int64            `json:"open_cases"`
	Decisions int64            `json:"decisions"`
	Appeals   map[string]int64 `json:"appeals"` // by outcome; open for undecided
	Reports   int64            `json:"reports"`
	Feedback  map[string]int64 `json:"feedback"` // answers to 这次用得顺吗
	Labels    map[string]int64 `json:"labels"`   // released notes by AI state
	Calls     int64            `json:"calls"`    // model calls
	Cost      int64            `json:"cost"`     // micro-yuan of model calls
	At        int64            `json:"at"`
}
