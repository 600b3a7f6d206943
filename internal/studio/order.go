package studio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"unicode/utf8"

	"loam"
)

// Stretch is a part of a field of a draft: the bytes [Start, End) of its title or body. An
// End of 0 is the whole field.
type Stretch struct {
	Field string
	Start int
	End   int
}

// of gives the field's runs and the stretch within its text. A stretch that is not there,
// or cuts a character, is Invalid, "stretch.invalid".
func (s Stretch) of(d loam.Draft) (runs []loam.Run, text string, from, to int, err error) {
	switch s.Field {
	case "title":
		runs = d.Title
	case "body":
		runs = d.Body
	default:
		return nil, "", 0, 0, loam.Fail(loam.Invalid, "stretch.invalid")
	}
	text = loam.Plain(runs)
	from, to = s.Start, s.End
	if to == 0 {
		to = len(text)
	}
	if from < 0 || from >= to || to > len(text) || !borders(text, from) || !borders(text, to) {
		return nil, "", 0, 0, loam.Fail(loam.Invalid, "stretch.invalid")
	}
	return runs, text, from, to, nil
}

// borders reports an offset between two characters.
func borders(s string, at int) bool { return at == len(s) || utf8.RuneStart(s[at]) }

// Order makes the prompt for one purpose on a work, and what has to be kept of how it was
// asked.
func (s *Studio) Order(ctx context.Context, owner, work, purpose string, at Stretch) (Prompt, map[string]string, error) {
	w, err := s.Store.Work(ctx, owner, work)
	if err != nil {
		return Prompt{}, nil, err
	}
	o := Order{Purpose: purpose, Draft: w.Draft}
	params := map[string]string{"revision": strconv.FormatInt(w.Revision, 10)}
	if IsRewrite(purpose) {
		_, text, from, to, err := at.of(w.Draft)
		if err != nil {
			return Prompt{}, nil, err
		}
		o.Text = text[from:to]
		params["field"], params["start"], params["end"] = at.Field, strconv.Itoa(from), strconv.Itoa(to)
		params["selection"] = fingerprint(o.Text)
	}
	if persona, err := s.persona(ctx, owner); err != nil {
		return Prompt{}, nil, err
	} else if persona != nil {
		o.Persona = described(*persona)
		params["persona"] = "on"
	}
	p, err := PromptOf(o)
	return p, params, err
}

// fingerprint tells whether a stretch is still the one a model was asked about.
func fingerprint(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
