package screen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"loam"
	"loam/internal/classify"
	"loam/internal/policy"
	"loam/internal/subject"
	"loam/internal/text"
)

// Store is what screening asks of the records: nothing it finds there is of the same owner.
type Store interface {
	// NearTexts gives released versions of others that share a band, at most limit.
	NearTexts(ctx context.Context, owner string, bands []uint64, limit int) ([]loam.Version, error)
	// SharedPassages gives others' released versions that have two of these passages, at most limit.
	SharedPassages(ctx context.Context, owner string, passages []uint64, limit int) ([]loam.Version, error)
	// SameStructure gives others' versions screened since a moment that share at least so many
	// of the bands of a structure.
	SameStructure(ctx context.Context, owner string, bands []uint64, since int64, least int) ([]loam.Alike, error)
	// EachPicture gives the hash of every picture screened at or after a moment.
	EachPicture(ctx context.Context, since int64, f func(hash string, at int64) error) error
	// PicturesOf gives others' released pictures, and those an upheld claim removed, that have one
	// of these hashes, oldest first.
	PicturesOf(ctx context.Context, owner string, hashes []string, limit int) ([]loam.PictureHash, error)
	// DeniedSounds gives the sounds of anybody that an upheld claim removed.
	DeniedSounds(ctx context.Context) ([]loam.DeniedSound, error)
	Account(ctx context.Context, id string) (loam.Account, error)
	// History counts an account's versions that were released, and refused or removed.
	History(ctx context.Context, account string) (released, refused int, err error)
}

// Field is one text of a note, under the name Findings carry: title, body, tags.0, page.1,
// picture.1 (its description); "" for a text screened alone.
type Field struct{ Name, Text string }

// Input is what detectors look at. Version is nil for a text or pictures screened alone.
type Input struct {
	Fields   []Field
	Pictures []*Picture
	Version  *loam.Version
}

// Reader reads words off what is no text: they are screened as the note's own are.
type Reader interface {
	About() About
	Read(ctx context.Context, in Input) ([]Field, error)
	Health(ctx context.Context) error
}

// Config is what a Screener is made of. Policy, Store and Clock are needed for notes; a
// Screener for bare texts needs no Store.
type Config struct {
	Policy  *policy.Policy
	Phrases []loam.Phrase // the installation's, beside the policy's own
	// Compiled is a list of its own beside those; nil for none.
	Compiled *Lexicon
	Store    Store
	Clock    loam.Clock
	// Limits finds what exceeds the platform's limits; nil leaves them unchecked.
	Limits func(loam.Content) []loam.Finding
	// Picture gives the PDQ of a picture by its SHA-256, as text; nil compares none.
	Picture func(ctx context.Context, hash string) (string, error)
	// Sound gives the acoustic fingerprint of a sound by its SHA-256; nil compares none.
	Sound func(ctx context.Context, hash string) (subject.Print, error)
	// Own leaves out of a body what the community's own tools write into everybody's; may be nil.
	Own func(body string) string
	// Failed hears of detectors that failed, for the log; may be nil.
	Failed func(ctx context.Context, detector string, err error)
	// Bytes gives a picture by its SHA-256; nil where no picture is looked into.
	Bytes func(ctx context.Context, hash string) ([]byte, error)
	// Protections are what is registered; nil looks for none.
	Protections *Protections
	// Readers and More are the optional parts of the installation.
	Readers []Reader
	More    []Detector
}

// Screener screens. It is safe for concurrent use.
type Screener struct {
	config  Config
	now     atomic.Pointer[force]
	board   board
	gallery *gallery
}

// force is what is in force at a moment: replaced as a whole, never changed.
type force struct {
	policy  *policy.Policy
	phrases *phrases
}

// New makes a Screener; compiling 65,000 phrases takes about half a second.
func New(c Config) *Screener {
	s := &Screener{config: c, gallery: &gallery{store: c.Store, clock: c.Clock}}
	s.Use(c.Policy, c.Phrases)
	return s
}

// Use puts a policy and the installation's phrases in force, at once and together. Screenings
// go on meanwhile; up to a thousand phrases more or fewer cost no compiling of the rest.
func (s *Screener) Use(p *policy.Policy, list []loam.Phrase) {
	var now *lists
	if f := s.now.Load(); f != nil {
		now = f.phrases.lists
	}
	s.now.Store(&force{policy: p, phrases: &phrases{lists: now.with(p, list, s.config.Compiled)}})
}

// Policy is the policy in force.
func (s *Screener) Policy() *policy.Policy { return s.now.Load().policy }

// TraitRules are those by which a note's traits are taken: they grow with every change of
// what is compared.
const TraitRules = 2

// Result is a note's Verdict, with what later notes are compared with.
type Result struct {
	Verdict loam.Verdict
	Traits  loam.Traits
}

// Screen judges a version. It is an error only if the context ended; what a detector could
// not do is in the Verdict's Missing.
func (s *Screener) Screen(ctx context.Context, v loam.Version) (Result, error) {
	begun, f := s.clock(), s.now.Load()
	pics := s.pictured()
	mine := written(v.Content)
	traits := s.traits(v.Content, mine)
	detectors := append(s.ofAny(f), &copies{store: s.config.Store, mine: mine, traits: traits}, pics,
		&sounds{store: s.config.Store, print: s.config.Sound}, &flood{store: s.config.Store, bands: traits.Structure}, &account{store: s.config.Store})
	if s.config.Limits != nil {
		detectors = append(detectors, limits{find: s.config.Limits})
	}
	in := Input{Fields: Fields(v.Content), Pictures: s.pictures(photos(v.Content)), Version: &v}
	verdict := s.judge(ctx, f, append(detectors, s.config.More...), in)
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("screen %s: %w", v.ID, err)
	}
	verdict.At = s.config.Clock.Now()
	verdict.Millis = s.clock().Sub(begun).Milliseconds()
	traits.Pictures = pics.own
	return Result{verdict, traits}, nil
}

func (s *Screener) pictured() *pictures {
	return &pictures{store: s.config.Store, gallery: s.gallery, hash: s.config.Picture}
}

// Traits takes a version's traits without judging it. What cannot be taken of one
// picture is an error and leaves out that picture only.
func (s *Screener) Traits(ctx context.Context, v loam.Version) (loam.Traits, error) {
	pics := s.pictured()
	_, _, err := pics.take(ctx, v.Content)
	traits := s.traits(v.Content, written(v.Content))
	traits.Pictures = pics.own
	return traits, err
}

// traits are those of the text.
func (s *Screener) traits(c loam.Content, letters text.Letters) loam.Traits {
	return loam.Traits{Rules: TraitRules, Bands: letters.Sketch().Bands(), Passages: letters.Passages(), Structure: built(c, s.config.Own)}
}

// Fill reads what notes are compared with into memory; the first screening of a picture
// would have to wait for it.
func (s *Screener) Fill(ctx context.Context) error { return s.gallery.refresh(ctx) }

// Text judges a text by itself, under an id of the caller's.
func (s *Screener) Text(ctx context.Context, id, text string) loam.Verdict {
	return s.Alone(ctx, id, Input{Fields: []Field{{"", text}}})
}

// Alone judges texts and pictures that are no note. What needs one or the records (limits,
// copies, history) is not looked at.
func (s *Screener) Alone(ctx context.Context, id string, in Input) loam.Verdict {
	begun, f := s.clock(), s.now.Load()
	v := s.judge(ctx, f, append(s.ofAny(f), s.config.More...), in)
	v.ID = id
	if s.config.Clock != nil {
		v.At = s.config.Clock.Now()
		v.Millis = s.clock().Sub(begun).Milliseconds()
	}
	return v
}

// Likely is what the classifier holds likely of each risk it was taught, whatever the policy
// makes of it: calibrated probabilities, on data like what it was taught with.
func (s *Screener) Likely(text string) map[loam.Risk]float64 {
	out := map[loam.Risk]float64{}
	for _, r := range classify.Default().Score(text) {
		out[r.Risk] = r.P
	}
	return out
}

// Passes reports whether a text may be shown on its way from a model: no phrase of tier
// block is in it. It is the phrase scan alone.
func (s *Screener) Passes(text string) bool {
	return !s.now.Load().phrases.blocks(text)
}

// maxFindings bounds what one detector may find in one text. One that finds more counts as
// missing, so that a person looks at so strange a text.
const maxFindings = 1000

var errTooMany = fmt.Errorf("more than %d findings", maxFindings)

func textDetectors(f *force) []Detector {
	return []Detector{f.phrases, contacts{}, hidden{}, advertising{}, classifier{model: classify.Default()}}
}

// ofAny are the detectors that look at anything, a note or not.
func (s *Screener) ofAny(f *force) []Detector {
	out := textDetectors(f)
	if s.config.Protections != nil {
		out = append(out, s.protected())
	}
	return out
}

// judge reads, looks and has the policy decide.
func (s *Screener) judge(ctx context.Context, f *force, detectors []Detector, in Input) loam.Verdict {
	seen := sight{missing: []string{}, absent: []string{}}
	for _, r := range s.config.Readers {
		if len(in.Pictures) > 0 {
			reads := reading{Reader: r}
			seen.add(s.look(ctx, &reads, in), s.failed(ctx))
			in.Fields = append(slices.Clip(in.Fields), reads.fields...)
		}
	}
	for _, l := range s.everyLook(ctx, detectors, in) {
		seen.add(l, s.failed(ctx))
	}
	order := make(map[string]int, len(in.Fields))
	for i, f := range in.Fields {
		order[f.Name] = i + 1
	}
	slices.SortStableFunc(seen.found, func(x, y loam.Finding) int {
		return cmp.Or(cmp.Compare(order[x.Field], order[y.Field]), cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End))
	})
	facts := policy.Input{Findings: seen.found, Missing: seen.missing, Absent: seen.absent}
	if in.Version != nil {
		facts.Note = noteOf(in.Version.Content, seen.found)
	}
	v := f.policy.Judge(facts)
	v.Looks = seen.looks
	for _, l := range seen.looks {
		v.Cost += l.Cost
	}
	return v
}

// sight is what all detectors together saw.
type sight struct {
	found           []loam.Finding
	looks           []loam.Look
	missing, absent []string
}

func (s *sight) add(l looked, failed func(detector string, err error)) {
	s.found = append(s.found, l.found...)
	switch {
	case errors.Is(l.err, errOff):
	case errors.Is(l.err, ErrAbsent):
		s.absent = append(s.absent, l.look.Detector)
	case l.err != nil:
		s.missing = append(s.missing, l.look.Detector)
		failed(l.look.Detector, l.err)
	default:
		s.looks = append(s.looks, l.look)
	}
}

// failed hands an error of a detector to the log, if there is one.
func (s *Screener) failed(ctx context.Context) func(string, error) {
	return func(detector string, err error) {
		if s.config.Failed != nil {
			s.config.Failed(ctx, detector, err)
		}
	}
}

// clock is the time, for measuring; it stands still where no clock was given.
func (s *Screener) clock() time.Time {
	if s.config.Clock == nil {
		return time.Time{}
	}
	return s.config.Clock()
}

// Detectors are all detectors and readers of notes with what they did so far.
func (s *Screener) Detectors(ctx context.Context) []Status {
	detectors := append(s.ofAny(s.now.Load()), &copies{}, &pictures{}, &sounds{}, &flood{}, &account{}, limits{})
	for _, r := range s.config.Readers {
		detectors = append(detectors, &reading{Reader: r})
	}
	var out []Status
	for _, d := range append(detectors, s.config.More...) {
		status := s.board.status(d.About())
		if err := d.Health(ctx); err != nil {
			status.Health = err
		}
		out = append(out, status)
	}
	return out
}

// Fields lists every text of a note that somebody can read.
func Fields(c loam.Content) []Field {
	out := []Field{{"title", c.Title}, {"body", c.Body}}
	for i, t := range c.Tags {
		out = append(out, Field{"tags." + strconv.Itoa(i), t})
	}
	for i, p := range c.Pages {
		out = append(out, Field{"page." + strconv.Itoa(i+1), PageText(p)})
	}
	for _, a := range c.Assets {
		if a.Alt != "" {
			out = append(out, Field{a.Field, a.Alt})
		}
	}
	if c.Sound != nil && c.Sound.Name != "" {
		out = append(out, Field{loam.SoundField, c.Sound.Name})
	}
	return out
}

// PageText is a page's words as screening reads them, and as its Findings' offsets count:
// title, sub, lines, cells and callouts, each on a line.
func PageText(p loam.Page) string { return strings.Join(p.Words(), "\n") }

// noteOf is what the policy may know of a note; the account's part comes from its finding,
// so that the Verdict depends on what is recorded.
func noteOf(c loam.Content, found []loam.Finding) policy.Note {
	n := policy.Note{
		Kind: string(c.Kind), AI: string(c.AI()), Declared: c.Declaration.AI, Sponsorship: string(c.Declaration.Sponsorship),
		Audience: string(c.Audience), Pictures: len(c.Assets),
	}
	for _, f := range found {
		if f.Detector == accountDetector {
			n.NewAccount = f.Facts["new"] == "yes"
			n.Refused, _ = strconv.Atoi(f.Facts["refused"])
		}
	}
	return n
}

// excerpt cuts a finding's text at 200 bytes, between characters.
func excerpt(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
