package label

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/integrity"
	"loam/internal/media"
)

// Report is what a file says of its making, and what is wrong with how it says it. It knows
// nothing of files without a mark: such a file may have been made by anybody.
type Report struct {
	State loam.AIState  `json:"state"` // the strongest of the marks
	Marks []MarkReport  `json:"marks"`
	Type  media.Type    `json:"type"`
	Cut   *media.Defect `json:"cut"` // why the file could not be followed to its end, null if it could
}

// MarkReport is one mark of a file: of which kind, by whom, where it stands.
type MarkReport struct {
	Kind       string       `json:"kind"`
	State      loam.AIState `json:"state"`
	Producer   string       `json:"producer"`
	ContentID  string       `json:"content_id"`
	Place      string       `json:"place"`
	Defects    []Fault      `json:"defects"`
	Propagator string       `json:"propagator"`
	PropagID   string       `json:"propagate_id"`
	Says       string       `json:"says"` // the digital source type or the program; "" for a label
	// Signature is what the signature on it is worth: trusted by who reads, known (see
	// SignedKnown), valid but of a signer nobody here knows, expired, invalid, or "" where nothing
	// is signed that can be judged.
	Signature string `json:"signature"`
	Signer    string `json:"signer"` // as the signature names it: anybody may call herself so unless it is trusted
}

// Fault is what is wrong with a mark, and the clause that says so. Code is one of Faults: of
// Content Credentials it is the standard's own name of the check that failed.
type Fault struct {
	Code   string `json:"code"`
	Level  string `json:"level"` // error: the standard forbids it; warn: verifiers differ
	Clause string `json:"clause"`
}

// Worth of a signature.
const (
	SignedTrusted = "trusted"
	// SignedKnown is a label's seal by a key the reader knows. It covers the label's words and not
	// the file: a label that was moved to another file keeps it. Content Credentials the reader
	// trusts, or the reader's own record of the file, make it trusted.
	SignedKnown   = "known"
	SignedValid   = "valid"
	SignedInvalid = "invalid"
	SignedExpired = "expired" // right, but the certificate has ended since, or had before
)

// KindManifest is a C2PA manifest store, judged as a whole.
const KindManifest = "c2pa"

// Known is whose signatures a reader knows. Its zero value knows nobody.
type Known struct {
	Trust *c2pa.Trust // roots of Content Credentials
	Keys  []string    // public keys of labels' seals, in hexadecimal
	Now   time.Time
	// Record looks a content number under the reader's own seal up and says whether this is the file it
	// was given to; nil where there is no record.
	Record func(id string) (Match, error)
}

// Match is how a file compares with the record of the number in its label.
type Match int

// The matches.
const (
	NoRecord  Match = iota // the number is not in the record
	SameFile               // the very bytes
	Alike                  // a picture that looks like that one, as a smaller copy does, and a doctored one
	OtherFile              // neither: the label was moved here, or the content was changed since
)

// Faults that are not of how a label is written: its number is another file's in the reader's
// record, or nobody's seal is on who is said to have passed it on.
const (
	faultMoved    = "moved"
	faultUnsealed = "unsealed_propagator"
)

// Check reads every mark of a file. Bytes of no container that carries marks are Invalid,
// "file.type", and a file that is encrypted "media.encrypted". One that breaks off, or lies about
// itself, gives the marks found before that, if there are any, and says so in Cut. One without a
// byte is Invalid, "file.empty". When ctx ends, nothing more is read, and its error is the answer.
func Check(ctx context.Context, src media.Source, k Known) (Report, error) {
	r, err := check(until(ctx, src), k)
	if stopped := ctx.Err(); stopped != nil {
		return Report{}, stopped // to a reader a file that ends early may look like one that lies
	}
	return r, err
}

func check(src media.Source, k Known) (Report, error) {
	if src.Size() == 0 {
		return Report{}, loam.Fail(loam.Invalid, "file.empty") // which would pass for a text without words
	}
	typ, found, err := media.Marks(src)
	if err != nil && !media.Broken(err) && (len(found) == 0 || loam.KindOf(err) != loam.Invalid) {
		return Report{}, err
	}
	r := Report{Type: typ, State: media.State(found), Marks: []MarkReport{}}
	if err != nil {
		r.Cut = &media.Defect{Code: loam.CodeOf(err), Level: "error"}
	}
	manifest, origin, err := manifestOf(src, typ, k)
	if err != nil {
		return Report{}, err
	}
	sealed := [][]string{} // of each mark the numbers that known seals cover
	for _, f := range found {
		if manifest != nil && f.Kind == media.KindSource && inManifest(f.Place) {
			if origin != nil {
				continue // it may be the origin's, which is told by itself
			}
			manifest.State, manifest.Says = manifest.State.Stronger(f.State), cmp.Or(manifest.Says, f.Raw)
			continue // judged with its signature below
		}
		m := MarkReport{
			Kind: f.Kind, State: f.State, Producer: f.Mark.ContentProducer, ContentID: f.Mark.ProduceID,
			Propagator: f.Mark.ContentPropagator, PropagID: f.Mark.PropagateID, Place: f.Place, Defects: []Fault{},
		}
		var numbers []string
		if f.Kind != media.KindImplicit {
			m.Says = f.Raw
		} else {
			numbers = m.sealed(f.Mark, k)
		}
		for _, d := range f.Defects {
			m.Defects = append(m.Defects, Fault{d.Code, d.Level, clauses[d.Code]})
		}
		r.Marks, sealed = append(r.Marks, m), append(sealed, numbers)
	}
	for _, m := range []*MarkReport{manifest, origin} {
		if m != nil {
			r.Marks = append(r.Marks, *m)
			r.State = r.State.Stronger(m.State)
		}
	}
	return r, r.bind(sealed, k)
}

// bind tells of the labels with a known seal whether they belong to this very file. Only numbers
// under a seal are looked up: anybody may write another beside them. A trusted manifest covers the
// file and the label in it, which does not undo that the label came from another file before.
func (r *Report) bind(sealed [][]string, k Known) error {
	covered := slices.ContainsFunc(r.Marks, func(m MarkReport) bool { return m.Kind == KindManifest && m.Signature == SignedTrusted })
	for i := range r.Marks {
		m := &r.Marks[i]
		if m.Signature != SignedKnown {
			continue
		}
		same, moved := covered, false
		for _, number := range sealed[i] {
			if k.Record == nil {
				break
			}
			match, err := k.Record(number)
			if err != nil {
				return err
			}
			same, moved = same || match == SameFile, moved || match == OtherFile
		}
		switch {
		case moved:
			m.Defects = append(m.Defects, Fault{faultMoved, "warn", clauses[faultMoved]})
		case same:
			m.Signature = SignedTrusted
		}
	}
	return nil
}

// inManifest reports whether a source type was read out of a manifest's bytes.
func inManifest(place string) bool {
	return strings.HasSuffix(place, ".jumbf") || strings.HasSuffix(place, ".c2pa") || strings.HasSuffix(place, ".caBX")
}

// sealed judges the signatures in a label, the worse of the producer's and the propagator's, and
// gives the numbers that the known ones cover.
func (m *MarkReport) sealed(mark loam.Mark, k Known) (numbers []string) {
	for _, p := range []integrity.Part{integrity.Producer, integrity.Propagator} {
		i := integrity.Check(mark, p, k.Keys...)
		if p == integrity.Producer && i.Result == integrity.Bad {
			i = beforeRaise(i, mark, k)
		}
		if i.Result == integrity.Trusted {
			numbers = append(numbers, map[integrity.Part]string{integrity.Producer: mark.ProduceID, integrity.Propagator: mark.PropagateID}[p])
		}
		worth := map[integrity.Result]string{integrity.Trusted: SignedKnown, integrity.SelfConsistent: SignedValid, integrity.Bad: SignedInvalid}[i.Result]
		if worth == "" || m.Signature == SignedInvalid || m.Signature == SignedValid && worth == SignedKnown {
			continue
		}
		m.Signature, m.Signer = worth, i.Key
	}
	passedOn := mark.ContentPropagator != mark.ContentProducer && propagatorOf(mark.ContentProducer) != mark.ContentPropagator || mark.PropagateID != mark.ProduceID
	if mark.ReservedCode2 == "" && m.Signature == SignedKnown && passedOn {
		m.Defects = append(m.Defects, Fault{faultUnsealed, "warn", clauses[faultUnsealed]})
	}
	return numbers
}

// beforeRaise judges a producer's seal that does not fit the label as it stands: a propagator
// may raise the state, which the producer signed (Labelling Measures Art. 6), and says so by
// a right seal of its own. Without one the label was changed by nobody knows whom.
func beforeRaise(i integrity.Integrity, mark loam.Mark, k Known) integrity.Integrity {
	if r := integrity.Check(mark, integrity.Propagator, k.Keys...).Result; r != integrity.Trusted && r != integrity.SelfConsistent {
		return i
	}
	now := mark.Label
	for _, s := range loam.AIStates() {
		if mark.Label = s.Wire(); mark.Label <= now {
			continue // not weaker, or none
		}
		if was := integrity.Check(mark, integrity.Producer, k.Keys...); was.Result == integrity.Trusted || was.Result == integrity.SelfConsistent {
			return was
		}
	}
	return i
}

// manifestOf judges a file's Content Credentials, nil if it has none or its container knows
// none. What they claim of a file this one was made from is its origin's, nil if they claim no AI
// of any: the signature does not vouch for it, whoever made that claim. A claim that AI made the file counts whatever its signature is worth: in metadata it
// is said plainly (Labelling Measures Art. 6 (1)).
func manifestOf(src media.Source, typ media.Type, k Known) (manifest, origin *MarkReport, err error) {
	if !Carries(typ) {
		return nil, nil, nil
	}
	r, err := c2pa.Inspect(src, k.Trust, k.Now)
	if loam.KindOf(err) == loam.TooLarge {
		return &MarkReport{
			Kind: KindManifest, State: loam.NotAI, Place: "c2pa", Signature: SignedInvalid,
			Defects: []Fault{{"general.error", "error", manifestClause}},
		}, nil, nil
	}
	if loam.KindOf(err) == loam.Invalid || err == nil && r.State == c2pa.None {
		return nil, nil, nil // a container that cannot be followed is told by its marks
	}
	if err != nil {
		return nil, nil, err
	}
	m := &MarkReport{Kind: KindManifest, State: loam.NotAI, Place: "c2pa", Defects: []Fault{}}
	m.Signature = map[c2pa.State]string{c2pa.Trusted: SignedTrusted, c2pa.Valid: SignedValid, c2pa.Invalid: SignedInvalid}[r.State]
	if r.Ended() {
		m.Signature = SignedExpired
	}
	if a := r.Active(); a != nil {
		m.Producer, m.ContentID, m.Signer = a.Generator.Name, a.InstanceID, a.Signer
	}
	for i, said := range r.Manifests {
		state, says := claimed(said)
		switch {
		case i == 0:
			m.State, m.Says = state, says
		case state != loam.NotAI && origin == nil:
			origin = &MarkReport{
				Kind: KindManifest, State: state, Place: "c2pa.ingredient", Says: says,
				Producer: said.Generator.Name, ContentID: said.InstanceID, Defects: []Fault{},
			}
		}
	}
	for _, f := range r.Results {
		// That nobody here vouches for the signer is what "valid" says; it breaks no rule.
		if f.Level == c2pa.LevelFailure && f.Code != c2pa.CodeUntrusted {
			m.Defects = append(m.Defects, Fault{f.Code, "error", manifestClause})
		}
	}
	return m, origin, nil
}

// claimed is the strongest source type a manifest's actions state.
func claimed(m c2pa.Manifest) (state loam.AIState, says string) {
	state = loam.NotAI
	for _, act := range m.Actions {
		term := act.SourceType[strings.LastIndexByte(act.SourceType, '/')+1:]
		if made := media.SourceState(term); made != loam.NotAI {
			state, says = state.Stronger(made), cmp.Or(says, term)
		}
	}
	return state, says
}

// clauses are where the rules stand that a defect breaks.
var clauses = map[string]string{
	"duplicate":      "GB 45438-2025 6.1 c)",
	"label_value":    "GB 45438-2025 E b)",
	"missing_key":    "GB 45438-2025 E b)",
	"key_case":       "GB 45438-2025 E b)",
	"duplicate_key":  "GB 45438-2025 E b)",
	"unknown_key":    "GB 45438-2025 E b)",
	"foreign_schema": "GB 45438-2025 E a)",
	"json":           "GB 45438-2025 E b)",
	"yaml":           "TC260-PG-20258A",
	"type":           "GB 45438-2025 E b)",
	"nested_string":  "GB 45438-2025 E b)",
	"encoded":        "GB 45438-2025 E b)",
	"padding":        "GB 45438-2025 E b)",
	"charset":        "GB 45438-2025 E j)",
	"producer_code":  "TC260-PG-20252A, GB 32100-2015",
	"crc":            "ISO/IEC 15948 5.4",
	"xml":            "TC260-PG-20259A",
	"namespace":      "TC260-PG-20259A",
	"attribute":      "TC260-PG-20259A",
	"name":           "GB 45438-2025 E a)",
	"packed":         "TC260-PG-20259A",
	"unlinked":       "TC260-PG-20258A",
	"vocabulary":     "IPTC DigitalSourceType",
	"too_long":       "GB 45438-2025 E j)",
	faultMoved:       "GB 45438-2025 E b)",
	faultUnsealed:    "TC260-PG-202511A",
}

// Plan plans a file of any container that is written with a label as its only one, and
// reads the plan back; see File for what it keeps and refuses. Nothing is written: whoever
// writes the Edit reads what lies on the disk back with Verify.
func Plan(src media.Source, o Options) (*media.Edit, loam.Mark, error) { return PlanCopy(src, src, o) }

// PlanCopy is Plan for a copy of a file that another program made, and that may have lost
// the file's own label: the copy carries what the file would.
func PlanCopy(src, copied media.Source, o Options) (*media.Edit, loam.Mark, error) {
	_, found, err := media.Marks(src)
	if err != nil {
		return nil, loam.Mark{}, err
	}
	mark, err := markFor(found, o)
	if err != nil {
		return nil, loam.Mark{}, err
	}
	e, err := media.Plan(copied, mark, o.writing(copied)...)
	if err != nil {
		return nil, mark, err
	}
	if t, err := media.Identify(e); err == nil && o.Manifest != nil && Carries(t) {
		if e, err = o.sign(e); err != nil {
			return nil, mark, err
		}
	}
	return e, mark, Verify(e, mark)
}

// Verify reads a written file: exactly one strict label, the one that was meant, or
// Internal, "label.mismatch".
func Verify(src media.Source, want loam.Mark) error {
	_, found, err := media.Marks(src)
	if err != nil {
		return loam.Fail(loam.Internal, "label.mismatch").Because(err)
	}
	found = slices.DeleteFunc(found, func(f media.Found) bool { return f.Kind != media.KindImplicit })
	if len(found) != 1 || !found[0].Strict() || found[0].Mark != want {
		return loam.Fail(loam.Internal, "label.mismatch")
	}
	return nil
}

// Faults lists the codes of what can be wrong with a mark.
func Faults() []string {
	return append(slices.Sorted(maps.Keys(clauses)), slices.Sorted(maps.Keys(manifestGroups))...)
}
