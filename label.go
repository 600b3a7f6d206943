package loam

import (
	"strings"
)

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
	Field   string  `json:"field"` // text, sound, or picture.1 …
	State   AIState `json:"state"`
	Mark    Mark    `json:"mark"`
	Visible string  `json:"visible"` // words of the visible mark, "" if none is needed
	Source  string  `json:"source"`  // SHA-256 of the bytes before
	Result  string  `json:"result"`  // SHA-256 of the bytes readers get
}

// Sign is one reason why an upload has the AI state it has (Labelling Measures Art. 6).
type Sign struct {
	Kind  string  `json:"kind"` // gb45438, source_type, trace, visible or protected
	State AIState `json:"state"`
	Place string  `json:"place"`
	Says  string  `json:"says"` // the producer, the source type, the program or the words that were read
	// Raw is a label as it stood, of at most SignRaw bytes: one that is malformed, or beside
	// another, is nobody's to repair, and is not lost either. "" for what is no label.
	Raw     string   `json:"raw,omitempty"`
	Defects []string `json:"defects,omitempty"` // codes of what is wrong with it
}

// SignRaw bounds Sign.Raw, in bytes: longer than any label that says something.
const SignRaw = 4 << 10

// LabelAppeal is a creator's challenge of the AI state of one text or picture of a Version,
// with evidence. Automation only raises a state; a granted appeal is the one way to lower it.
type LabelAppeal struct {
	ID       string    `json:"id"`
	Version  string    `json:"version"`
	Field    string    `json:"field"`
	Source   string    `json:"source"` // SHA-256 of the bytes the label is about
	Was      AIState   `json:"was"`
	Text     string    `json:"text"`
	Exhibits []Exhibit `json:"exhibits"`
	At       int64     `json:"at"`
	Outcome  string    `json:"outcome"` // "" open, upheld (the label stands) or overturned
}

// LabelRuling is what a reviewer ruled on an appeal of bytes that were in the state Was. It
// says nothing of a stronger one, which other evidence gave since.
type LabelRuling struct {
	State AIState
	Was   AIState
}

// Lowers is a state after the ruling.
func (r LabelRuling) Lowers(s AIState) AIState {
	if s.Stronger(r.Was) != r.Was {
		return s
	}
	return r.State
}

// Exhibit is a file handed in as evidence: a draft, the layers, what came out of the camera.
// Of a picture a clean copy is kept to be shown; of anything else only what Facts says.
type Exhibit struct {
	ID      string            `json:"id"`
	Owner   string            `json:"-"`
	Version string            `json:"version"`
	Name    string            `json:"name"`
	Digest  string            `json:"digest"` // SHA-256 of what was sent
	Size    int64             `json:"size"`
	Type    string            `json:"type"`
	Picture string            `json:"-"`
	Shown   bool              `json:"shown"` // a picture that can be looked at
	Facts   map[string]string `json:"facts"` // camera, taken, program, layers, width, height
	At      int64             `json:"at"`
}

// exhibitName bounds the name of a file that was handed in, in characters.
const exhibitName = 100

// ExhibitName is what a file that is handed in as evidence is called: its own name without its folder,
// and without what is Unseen, by which a reviewer would read another name than was sent; as much of it as
// one can read.
func ExhibitName(sent string) string {
	name := strings.ToValidUTF8(strings.ReplaceAll(sent, `\`, "/"), "")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if Unseen(r) {
			return -1
		}
		return r
	}, name))
	if r := []rune(name); len(r) > exhibitName {
		name = string(r[:exhibitName])
	}
	return name
}

// WaiverAgreement is the version of the terms under which a file may leave without a visible
// label (Labelling Measures Art. 9): who takes it labels what she publishes, and is liable.
const WaiverAgreement = "2026-11"

// Waiver is an application for the files of a Version without visible labels, granted on
// the agreement and kept for at least six months (Labelling Measures Art. 9). The implicit
// label is in every such file all the same.
type Waiver struct {
	ID         string     `json:"id"`
	Owner      string     `json:"owner"`
	Handle     string     `json:"handle"`
	Identity   string     `json:"identity"` // how far it is known who applies: IdentityAccount
	Version    string     `json:"version"`
	Recipient  string     `json:"recipient"` // who gets the files, in the applicant's words
	Purpose    string     `json:"purpose"`
	Agreement  string     `json:"agreement"`
	At         int64      `json:"at"`
	KeepUntil  int64      `json:"keep_until"`
	Deliveries []Delivery `json:"deliveries"`
}

// IdentityAccount is who signed in, and no more: nobody checked which person that is. Loam knows
// no other kind of identity.
const IdentityAccount = "account"

// ChannelDownload is a file that who applied took herself, signed in, over the web.
const ChannelDownload = "download"

// Delivery is one file handed out under a Waiver.
type Delivery struct {
	ID        string `json:"id"`
	Field     string `json:"field"`
	ProduceID string `json:"produce_id"`
	Digest    string `json:"digest"`
	Channel   string `json:"channel"` // ChannelDownload
	At        int64  `json:"at"`
}
