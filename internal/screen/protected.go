package screen

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"loam"
	"loam/internal/media"
	"loam/internal/subject"
)

// Protections are what is registered, and what who holds it leaves open.
type Protections struct {
	Matcher func() *subject.Matcher
	// Open reports whether an account opened these uses of hers to everybody.
	Open func(ctx context.Context, owner string, uses []loam.Use) (bool, error)
	// Bodies compares who agreed to it by face or voice; nil compares nobody.
	Bodies Bodies
	// Gate runs what decodes a picture when there is room for one more in memory.
	Gate func(ctx context.Context, decode func() error) error
}

// protected finds registered protections of others: a name with a word that a machine made it,
// pictures near to a registered one, a sound that has ten seconds of a registered recording, and the
// face or voice of who agreed to be compared. It only ever sends to people.
type protected struct {
	local
	of    *Protections
	hash  func(ctx context.Context, hash string) (string, error)
	sound func(ctx context.Context, hash string) (subject.Print, error)
}

// About gives 30 s: a sound of ten minutes is decoded and heard in a few, and pictures wait for each
// other.
func (*protected) About() About {
	return About{Name: loam.ProtectedDetector, Version: "3", Within: 30 * time.Second}
}

func (p *protected) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	m := p.of.Matcher()
	if m.Len() == 0 {
		return nil, nil
	}
	var out []loam.Finding
	var broken error
	for _, pl := range m.Made(subjectFields(in.Fields)) {
		if ours, err := p.leave(ctx, in, pl.Of); ours || err != nil {
			broken = errors.Join(broken, err)
			continue
		}
		f := findingOf(pl.Of, loam.SightedName)
		f.Field, f.Start, f.End, f.Score = pl.Field, pl.Start, pl.End, 0.7
		for _, of := range in.Fields {
			if of.Name == pl.Field {
				f.Text = excerpt(of.Text[pl.Start:pl.End])
			}
		}
		f.Facts["cue"] = excerpt(pl.Cue)
		out = append(out, f)
	}
	for _, pic := range in.Pictures {
		pdq, err := p.pdq(ctx, in, pic)
		if err != nil {
			broken = errors.Join(broken, err)
			continue
		}
		for _, near := range m.Picture(pdq) {
			if ours, err := p.leave(ctx, in, near.Of); ours || err != nil {
				broken = errors.Join(broken, err)
				continue
			}
			f := findingOf(near.Of, loam.SightedPicture)
			f.Field, f.Score = pageOf(pic.Field), math.Round(100-100*float64(near.Distance)/media.HashBits)/100
			f.Facts["distance"] = strconv.Itoa(near.Distance)
			out = append(out, f)
		}
	}
	for _, look := range []func(context.Context, Input) ([]loam.Finding, error){p.heard, p.faces, p.voices} {
		found, err := look(ctx, in)
		out, broken = append(out, found...), errors.Join(broken, err)
	}
	return out, broken
}

// heard compares the sound of a note with every registered recording. A sound that cannot be
// compared is an error as soon as anything is registered: it goes to people.
func (p *protected) heard(ctx context.Context, in Input) (out []loam.Finding, broken error) {
	if in.Version == nil || in.Version.Content.Sound == nil || p.sound == nil {
		return nil, nil
	}
	heard, err := p.sound(ctx, in.Version.Content.Sound.Hash)
	if err != nil {
		return nil, err
	}
	for _, h := range p.of.Matcher().Sound(heard) {
		if ours, err := p.leave(ctx, in, h.Of); ours || err != nil {
			broken = errors.Join(broken, err)
			continue
		}
		f := findingOf(h.Of, loam.SightedSound)
		f.Field, f.Score = loam.SoundField, math.Round(100-100*h.Errors)/100
		f.Facts["second"] = strconv.Itoa(int(h.Seconds()))
		out = append(out, f)
	}
	return out, broken
}

func findingOf(r loam.Registered, by string) loam.Finding {
	risk := loam.IP
	if r.Kind == loam.ProtectVoice || r.Kind == loam.ProtectLikeness {
		risk = loam.Likeness
	}
	return loam.Finding{Risk: risk, Tier: loam.TierReview, Facts: map[string]string{"protection": r.ID, "kind": string(r.Kind), "by": by}}
}

// leave reports that what was found is the author's own, or open to everybody.
func (p *protected) leave(ctx context.Context, in Input, r loam.Registered) (bool, error) {
	if in.Version != nil && in.Version.Owner == r.Owner {
		return true, nil
	}
	return p.of.Open(ctx, r.Owner, r.Kind.Uses())
}

func (p *protected) pdq(ctx context.Context, in Input, pic *Picture) (media.PDQ, error) {
	if in.Version != nil && p.hash != nil {
		text, err := p.hash(ctx, pic.Hash)
		if err != nil {
			return media.PDQ{}, err
		}
		return media.ParsePDQ(text)
	}
	data, err := pic.Bytes(ctx)
	if err != nil {
		return media.PDQ{}, err
	}
	var pdq media.PDQ
	err = p.of.Gate(ctx, func() error {
		img, _, err := media.Decode(data)
		if err == nil {
			pdq = media.PDQOf(img)
		}
		return err
	})
	return pdq, err
}

// subjectFields are the texts; a title, a tag and what a sound is called speak for the whole note.
func subjectFields(list []Field) []subject.Field {
	out := make([]subject.Field, len(list))
	for i, f := range list {
		out[i] = subject.Field{Name: f.Name, Text: f.Text, Head: f.Name == "title" || f.Name == loam.SoundField || strings.HasPrefix(f.Name, "tags.")}
	}
	return out
}

// Protected looks for registered protections alone, no longer than the detector may: before a note is
// frozen, so that its label says what is suspected. Words in pictures are not read for it.
func (s *Screener) Protected(ctx context.Context, owner string, c loam.Content) ([]loam.Finding, error) {
	if s.config.Protections == nil {
		return nil, nil
	}
	p := s.protected()
	ctx, cancel := context.WithTimeout(ctx, p.About().Within)
	defer cancel()
	in := Input{Fields: Fields(c), Pictures: s.pictures(photos(c)), Version: &loam.Version{Owner: owner, Content: c}}
	found, err := p.Detect(ctx, in)
	for i := range found {
		found[i].Detector = loam.ProtectedDetector
	}
	return found, err
}

func (s *Screener) protected() *protected {
	return &protected{of: s.config.Protections, hash: s.config.Picture, sound: s.config.Sound}
}
