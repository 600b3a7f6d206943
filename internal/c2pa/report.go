package c2pa

import (
	"time"

	"loam/internal/media"
)

// State is what a file's manifest is worth.
type State string

// The states of a manifest store. A valid one says who signed it and that nothing was changed
// since; only a trusted one says that the signer is known.
const (
	None    State = "none"
	Invalid State = "invalid"
	Valid   State = "valid"
	Trusted State = "trusted"
)

// Levels of a result.
const (
	LevelSuccess = "success"
	LevelInfo    = "info"
	LevelFailure = "failure"
)

// Result is one thing that was checked. Code is one of C2PA 2.2, 15.2.
type Result struct {
	Code   string `cbor:"code" json:"code"`
	URL    string `cbor:"url,omitempty" json:"url,omitempty"`
	Detail string `cbor:"explanation,omitempty" json:"detail,omitempty"`
	Level  string `cbor:"-" json:"level"`
}

// Report is what a file's manifest store says and what that is worth.
type Report struct {
	State     State      `json:"state"`
	Manifests []Manifest `json:"manifests"` // the active one first, then what it was made from
	Results   []Result   `json:"results"`
}

// Manifest is one manifest of a store.
type Manifest struct {
	Label       string         `json:"label"`
	Title       string         `json:"title,omitempty"`
	InstanceID  string         `json:"instance_id,omitempty"`
	Generator   Agent          `json:"generator"`
	Signer      string         `json:"signer,omitempty"` // common name of the certificate
	Issuer      string         `json:"issuer,omitempty"` // organization of the certificate
	Actions     []Action       `json:"actions"`
	Training    map[string]Use `json:"training_mining,omitempty"`
	Disclosure  *Disclosure    `json:"ai_disclosure,omitempty"`
	Ingredients []Ingredient   `json:"ingredients"`
}

// Ingredient is a file that went into another. Manifest is the label of its own, "" if it had
// none.
type Ingredient struct {
	Relationship string `json:"relationship"`
	Title        string `json:"title,omitempty"`
	Manifest     string `json:"manifest,omitempty"`
}

// Active is the manifest that speaks for the file as it is, nil if there is none.
func (r *Report) Active() *Manifest {
	if len(r.Manifests) == 0 {
		return nil
	}
	return &r.Manifests[0]
}

// May says what a manifest says of a use. What it says nothing of is not allowed.
func (m *Manifest) May(use string) Use {
	if u, ok := m.Training[use]; ok && (u.Use == Allowed || u.Use == Constrained) {
		return u
	}
	return Use{Use: NotAllowed}
}

// Has reports whether a result of this code was found.
func (r *Report) Has(code string) bool {
	for _, x := range r.Results {
		if x.Code == code {
			return true
		}
	}
	return false
}

// Ended reports whether nothing is wrong with a store but that a certificate has ended: what it
// signed is unchanged, and when it was signed is not known.
func (r *Report) Ended() bool {
	ended := false
	for _, x := range r.Results {
		switch {
		case x.Level != LevelFailure || x.Code == CodeUntrusted:
		case x.Code == codeOutsideValidity:
		case x.Code == codeCredentialOver:
			ended = true
		default:
			return false
		}
	}
	return ended
}

// Inspect checks a file's manifest. A file without one has the state None, which is no error;
// one whose container cannot be followed as far as that is Invalid, "media.broken", and one that
// C2PA puts nothing into here "manifest.container". A manifest that a file breaks off behind is
// judged: who signed what stands, the file is not the one it was made for. A nil trust trusts nobody. Time stamps are not read:
// a certificate that has ended by now is one that has ended.
func Inspect(src media.Source, trust *Trust, now time.Time) (Report, error) {
	report := Report{State: None, Manifests: []Manifest{}, Results: []Result{}}
	held, err := media.Manifest(src)
	if held == nil || held.Bytes == nil || err != nil && !media.Broken(err) {
		return report, err
	}
	m, err := newModes()
	if err != nil {
		return report, err
	}
	in := &inspection{modes: m, src: src, held: held, trust: trust, now: now}
	if in.store, err = parseStore(held.Bytes); err != nil {
		in.add(LevelFailure, codeClaimMalformed, "", err.Error())
	} else if err := in.run(); err != nil {
		return report, err
	}
	report.State = in.state()
	report.Results = append(report.Results, in.found...)
	for _, m := range in.order {
		report.Manifests = append(report.Manifests, m.said)
	}
	return report, nil
}

// state sums the results up as C2PA 2.2, 14.3 does.
func (in *inspection) state() State {
	s := Valid
	for _, r := range in.found {
		switch {
		case r.Level == LevelFailure && r.Code != CodeUntrusted:
			return Invalid
		case r.Code == codeTrusted && in.active != nil && r.URL == in.active.signatureURL():
			s = Trusted
		}
	}
	return s
}

// results are those found in the form an ingredient records them.
func (in *inspection) results() *resultsForm {
	f := &resultsForm{Active: statusForm{Success: []Result{}, Informational: []Result{}, Failure: []Result{}}}
	for _, r := range in.found {
		switch r.Level {
		case LevelFailure:
			f.Active.Failure = append(f.Active.Failure, r)
		case LevelInfo:
			f.Active.Informational = append(f.Active.Informational, r)
		default:
			f.Active.Success = append(f.Active.Success, r)
		}
	}
	return f
}
