package screen

import (
	"context"
	"errors"
	"math"
	"strconv"

	"loam"
)

// Bodies take the numbers that faces and voices are told apart by. Nothing they give is kept: it is
// compared with what those handed in who agreed to it, and forgotten.
type Bodies interface {
	// Faces gives a Biometric for each face in a picture's file that is large enough. Errors are
	// those of Eyes.
	Faces(ctx context.Context, picture []byte) ([]loam.Biometric, error)
	// Voices gives a Biometric for each stretch of a sound, and the second it begins at. The error
	// is Unavailable for a missing program, else that of Eyes.
	Voices(ctx context.Context, hash string) (of []loam.Biometric, seconds []float64, err error)
	// Model names what takes a kind of Biometric.
	Model(kind loam.BiometricKind) string
}

func (p *protected) compares(kind loam.BiometricKind) bool {
	return p.of.Bodies != nil && p.of.Matcher().Compares(kind, p.of.Bodies.Model(kind))
}

// faces finds the faces of others in pictures that are not plainly a camera's: of a note that says a
// machine made something of it, or with a label of their own. People photograph people. What is screened
// alone is no note: nobody could be told whom a stranger's picture is like.
func (p *protected) faces(ctx context.Context, in Input) ([]loam.Finding, error) {
	if in.Version == nil || !p.compares(loam.BiometricFace) {
		return nil, nil
	}
	says := p.of.Matcher().Says(subjectFields(in.Fields))
	var out []loam.Finding
	err := everyPicture(ctx, made(in, says != ""), func(pic *Picture, data []byte) error {
		list, err := p.of.Bodies.Faces(ctx, data)
		seen := map[string]bool{}
		for _, face := range list {
			found, e := p.persons(ctx, in, face, loam.SightedFace)
			err = errors.Join(err, e)
			for _, f := range found {
				if id := f.Facts["protection"]; !seen[id] {
					seen[id] = true
					f.Field = pageOf(pic.Field)
					f.Facts["cue"] = excerpt(says)
					out = append(out, f)
				}
			}
		}
		return err
	})
	return out, err
}

// made is what is screened with those of its pictures alone that a machine had a part in, or all.
func made(in Input, all bool) Input {
	if all {
		return in
	}
	ai := map[string]bool{}
	for _, a := range in.Version.Content.Assets {
		for _, hash := range append([]string{a.Hash}, a.Shows...) {
			ai[hash] = ai[hash] || a.AI != loam.NotAI
		}
	}
	var kept []*Picture
	for _, pic := range in.Pictures {
		if ai[pic.Hash] {
			kept = append(kept, pic)
		}
	}
	in.Pictures = kept
	return in
}

// voices finds the voices of others in a note's sound. One that cannot be compared is an error, as
// for recordings: it goes to people.
func (p *protected) voices(ctx context.Context, in Input) ([]loam.Finding, error) {
	if in.Version == nil || in.Version.Content.Sound == nil || !p.compares(loam.BiometricVoice) {
		return nil, nil
	}
	list, seconds, broken := p.of.Bodies.Voices(ctx, in.Version.Content.Sound.Hash)
	best := map[string]int{} // of a protection, its finding
	var out []loam.Finding
	for i, voice := range list {
		found, err := p.persons(ctx, in, voice, loam.SightedVoice)
		broken = errors.Join(broken, err)
		for _, f := range found {
			f.Field = loam.SoundField
			f.Facts["second"] = strconv.Itoa(int(seconds[i]))
			k, again := best[f.Facts["protection"]]
			switch {
			case !again:
				best[f.Facts["protection"]], out = len(out), append(out, f)
			case f.Score > out[k].Score:
				out[k] = f
			}
		}
	}
	return out, broken
}

// persons are those a Biometric is like, but for the author herself and who opened it to everybody.
func (p *protected) persons(ctx context.Context, in Input, of loam.Biometric, by string) (out []loam.Finding, broken error) {
	for _, who := range p.of.Matcher().Persons(of) {
		if ours, err := p.leave(ctx, in, who.Of); ours || err != nil {
			broken = errors.Join(broken, err)
			continue
		}
		f := findingOf(who.Of, by)
		f.Score = math.Round(100-100*min(1, who.Distance)) / 100
		f.Facts["distance"] = strconv.FormatFloat(who.Distance, 'f', 2, 64)
		out = append(out, f)
	}
	return out, broken
}
