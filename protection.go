package loam

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ProtectionKind is what a Protection is of.
type ProtectionKind string

// The kinds of Protection. Voice and likeness are a person's (Civil Code Art. 1018, 1019, 1023).
const (
	ProtectVoice     ProtectionKind = "voice"
	ProtectLikeness  ProtectionKind = "likeness"
	ProtectStyle     ProtectionKind = "style" // the name under which a way of writing or drawing is known
	ProtectCharacter ProtectionKind = "character"
	ProtectBrand     ProtectionKind = "brand"
)

// ProtectionKinds lists the kinds in the order pages show them.
func ProtectionKinds() []ProtectionKind {
	return []ProtectionKind{ProtectVoice, ProtectLikeness, ProtectStyle, ProtectCharacter, ProtectBrand}
}

// Uses are those that would have to be open for somebody else to make what the kind protects.
func (k ProtectionKind) Uses() []Use {
	switch k {
	case ProtectVoice:
		return []Use{UseVoice}
	case ProtectLikeness:
		return []Use{UseLikeness}
	case ProtectStyle:
		return []Use{UseStyle}
	default:
		return []Use{UseStyle, UseLikeness}
	}
}

// Consenter is who agrees that a protection's names and pictures are compared with what others
// publish: never who merely owns a recording or picture (Deep Synthesis Provisions Art. 14).
type Consenter string

// The consenters.
const (
	BySubject  Consenter = "subject"
	ByGuardian Consenter = "guardian" // of a child under 14 (PIPL Art. 31)
)

// ProtectionConsent is the version of the separate consent (PIPL Art. 29): names, aliases and
// hashes of pictures are compared with what is published here, for that purpose alone, and are
// deleted when it is withdrawn.
const ProtectionConsent = "2026-11"

// CompareConsent is the version of the further consent to be compared by face or voice, which is
// given and taken back apart from the first: both are sensitive personal information (PIPL Art. 28,
// 29), and the numbers taken of a face or voice serve this comparison alone.
const CompareConsent = "2026-11"

// Bounds of a Protection.
const (
	ProtectionAliases  = 20
	ProtectionExhibits = 12
	ProtectionName     = 40   // characters of a name or alias; of 2 at least
	ProtectionText     = 2000 // characters of what it is
	OpenProtections    = 20   // that one account has asked for or holds
)

// Protection shields a voice, likeness, style name, character or brand from being made by others.
// Subject is whose it is; the account only holds it, and each Proof says whose the file is.
type Protection struct {
	ID          string          `json:"id"`
	Owner       string          `json:"-"`
	Handle      string          `json:"handle"` // of the account
	Kind        ProtectionKind  `json:"kind"`
	Name        string          `json:"name"`
	Aliases     []string        `json:"aliases"`
	Text        string          `json:"text"`
	Subject     string          `json:"subject"`
	By          Consenter       `json:"by"`
	Guardian    string          `json:"guardian"` // name of who consents for a child, "" for the subject herself
	Agreement   string          `json:"agreement"`
	Compare     string          `json:"compare"` // version of the consent to be compared by face or voice, "" without
	State       ProtectionState `json:"state"`
	Reason      string          `json:"reason"` // of the decision
	Leaf        string          `json:"leaf"`   // in the ledger, "" for none
	At          int64           `json:"at"`
	DecidedAt   int64           `json:"decided_at"`
	WithdrawnAt int64           `json:"withdrawn_at"`
	Proofs      []Proof         `json:"proofs"`
}

// Proof is a file handed in for a Protection. Holder is whose file it is, who is not therefore the
// subject. PDQ is that of a picture, "" for anything else.
type Proof struct {
	ID        string            `json:"id"`
	Owner     string            `json:"-"`
	Holder    string            `json:"holder"`
	Name      string            `json:"name"`
	Digest    string            `json:"digest"` // SHA-256 of what was sent
	Size      int64             `json:"size"`
	Type      string            `json:"type"`
	Picture   string            `json:"-"`
	PDQ       string            `json:"-"`
	Sound     string            `json:"-"`        // acoustic fingerprint of a recording, "" for none
	Heard     bool              `json:"heard"`    // a recording that is compared
	Biometric *Biometric        `json:"-"`        // nil for none
	Compared  BiometricKind     `json:"compared"` // the Biometric's, "" for none: set by Take
	Shown     bool              `json:"shown"`
	Facts     map[string]string `json:"facts"`
	At        int64             `json:"at"`
}

// Take sets what a file is compared by, nil for nothing.
func (p *Proof) Take(b *Biometric) {
	p.Biometric, p.Compared = b, ""
	if b != nil {
		p.Compared = b.Kind
	}
}

// BiometricKind is what a Biometric was taken of.
type BiometricKind string

// The kinds of Biometric.
const (
	BiometricFace  BiometricKind = "face"
	BiometricVoice BiometricKind = "voice"
)

// ComparedBy is by what a kind of Protection may be compared, "" for one that is nobody's body.
func (k ProtectionKind) ComparedBy() BiometricKind {
	switch k {
	case ProtectLikeness:
		return BiometricFace
	case ProtectVoice:
		return BiometricVoice
	default:
		return ""
	}
}

// Biometric is the numbers by which a face or voice is told from others (a biometric template,
// ISO/IEC 2382-37). Those of different models cannot be compared.
type Biometric struct {
	Kind    BiometricKind `json:"kind"`
	Model   string        `json:"model"`
	Vectors [][]float32   `json:"vectors"` // of a face one, of a voice of stretches of a recording
}

// ProtectionState is where a Protection stands.
type ProtectionState string

// The states of a Protection.
const (
	ProtectionAsked      ProtectionState = "asked" // waits for a reviewer
	ProtectionRegistered ProtectionState = "registered"
	ProtectionRefused    ProtectionState = "refused"
	ProtectionWithdrawn  ProtectionState = "withdrawn" // nothing of it is left but that there was one
)

// ProtectionStates lists the states.
func ProtectionStates() []ProtectionState {
	return []ProtectionState{ProtectionAsked, ProtectionRegistered, ProtectionRefused, ProtectionWithdrawn}
}

// ProtectionStep is one move of a Protection.
type ProtectionStep string

// The steps.
const (
	ProtectionRegister ProtectionStep = "register"
	ProtectionRefuse   ProtectionStep = "refuse"
	ProtectionWithdraw ProtectionStep = "withdraw" // consent can be taken back at any time (PIPL Art. 15)
)

// ProtectionSteps lists the steps.
func ProtectionSteps() []ProtectionStep {
	return []ProtectionStep{ProtectionRegister, ProtectionRefuse, ProtectionWithdraw}
}

// protectionSteps is the one table of a Protection's moves; what is not in it is refused.
var protectionSteps = map[ProtectionState]map[ProtectionStep]ProtectionState{
	ProtectionAsked:      {ProtectionRegister: ProtectionRegistered, ProtectionRefuse: ProtectionRefused, ProtectionWithdraw: ProtectionWithdrawn},
	ProtectionRegistered: {ProtectionWithdraw: ProtectionWithdrawn},
	ProtectionRefused:    {ProtectionWithdraw: ProtectionWithdrawn},
	ProtectionWithdrawn:  {},
}

// Next is the state a step leads to, or a Conflict if the step is not allowed from here.
func (s ProtectionState) Next(step ProtectionStep) (ProtectionState, error) {
	if to, ok := protectionSteps[s][step]; ok {
		return to, nil
	}
	return "", Fail(Conflict, "protection.step", step, s)
}

// ProtectionReasons lists the reason codes of a decision.
func ProtectionReasons(step ProtectionStep) []string {
	switch step {
	case ProtectionRegister:
		return []string{"proven"}
	case ProtectionRefuse:
		return []string{"unproven", "not_hers", "holder_only", "common"}
	default:
		return nil
	}
}

// DecidesProtection reports whether a reviewer may take the step for the reason.
func DecidesProtection(step ProtectionStep, reason string) bool {
	return slices.Contains(ProtectionReasons(step), reason)
}

// Sighting is that a Protection was found in places of somebody's Version: suspected, and shown to
// who holds it. Title and Work are "" while readers do not see the work.
type Sighting struct {
	ID         string         `json:"id"`
	Protection string         `json:"protection"`
	Name       string         `json:"name"` // of the Protection
	Kind       ProtectionKind `json:"kind"`
	Work       string         `json:"work"`
	Title      string         `json:"title"`
	Fields     []string       `json:"fields"`
	By         string         `json:"by"` // SightedName or another
	At         int64          `json:"at"`
	Answer     string         `json:"answer"` // "" none yet, SightingMine or SightingTakedown
	AnsweredAt int64          `json:"answered_at"`
}

// How a Protection is found.
const (
	SightedName    = "name"
	SightedPicture = "picture"
	SightedSound   = "sound"
	SightedFace    = "face"
	SightedVoice   = "voice"
)

// ProtectedName reports whether a name can be protected: two letters or characters at least, or it would
// be found everywhere, and nothing Unseen.
func ProtectedName(name string) bool {
	letters := 0
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters++
		}
	}
	return letters >= 2 && utf8.RuneCountInString(name) <= ProtectionName && utf8.ValidString(name) && !strings.ContainsFunc(name, Unseen)
}

// Bodily reports whether a way of finding compares faces or voices, to which who is found agreed by herself
// (PIPL Art. 29).
func Bodily(by string) bool { return by == SightedFace || by == SightedVoice }

// ProtectedDetector is whose findings are Sightings.
const ProtectedDetector = "protected"

// Told is a Finding as who does not run the community reads it: not which Protection was found. By a face
// or voice she learns that somebody protected may be in a part of a note: not whose they are or how near,
// or anybody could find out by trying.
func (f Finding) Told() Finding {
	switch {
	case f.Detector != ProtectedDetector:
	case Bodily(f.Facts["by"]):
		f.Score, f.Facts = 0, map[string]string{"kind": f.Facts["kind"], "by": f.Facts["by"]}
	default:
		f.Facts = maps.Clone(f.Facts)
		delete(f.Facts, "protection")
	}
	return f
}

// What who holds a Protection says to a Sighting.
const (
	SightingMine     = "mine"     // it is hers, or she allowed it
	SightingTakedown = "takedown" // she sends a notice
)

// Registered is what a registered Protection is recognised by.
type Registered struct {
	ID, Owner  string
	Kind       ProtectionKind
	Names      []string
	PDQs       []string
	Sounds     []string
	Biometrics []Biometric
}
