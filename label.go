package loam

// AIState is what is known of an asset's or text's making (Labelling Measures Art. 6,
// GB 45438-2025): the wire values are "1", "2", "3"; none has no value.
type AIState string

// The states, strongest first.
const (
	IsAI        AIState = "is"        // 属于: a model made it, by our own record or plain metadata
	MayAI       AIState = "may"       // 可能: its creator declares it
	SuspectedAI AIState = "suspected" // 疑似: detected or a visible trace
	NotAI       AIState = "none"      // nothing known
)

// AIStates lists the states, strongest first.
func AIStates() []AIState { return []AIState{IsAI, MayAI, SuspectedAI, NotAI} }

// Wire is the state's value in the Label key, "" for none.
func (s AIState) Wire() string {
	switch s {
	case IsAI:
		return "1"
	case MayAI:
		return "2"
	case SuspectedAI:
		return "3"
	default:
		return ""
	}
}

// Stronger is the stronger of two states: a note shows the strongest of its parts.
func (s AIState) Stronger(t AIState) AIState {
	for _, u := range AIStates() {
		if s == u || t == u {
			return u
		}
	}
	return NotAI
}

// Mark is the implicit label of GB 45438-2025 Annex E: seven keys, all strings. On a
// first write the propagator's pair equals the producer's.
type Mark struct {
	Label             string `json:"Label"`
	ContentProducer   string `json:"ContentProducer"`
	ProduceID         string `json:"ProduceID"`
	ReservedCode1     string `json:"ReservedCode1"`
	ContentPropagator string `json:"ContentPropagator"`
	PropagateID       string `json:"PropagateID"`
	ReservedCode2     string `json:"ReservedCode2"`
}

// Label is the record of marks written on one asset or text of a Version.
type Label struct {
	Field   string  `json:"field"` // text, or picture.1 …
	State   AIState `json:"state"`
	Mark    Mark    `json:"mark"`
	Visible string  `json:"visible"` // words of the visible mark, "" if none is needed
	Source  string  `json:"source"`  // SHA-256 of the bytes before
	Result  string  `json:"result"`  // SHA-256 of the bytes readers get
}
