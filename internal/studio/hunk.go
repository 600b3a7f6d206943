package studio

import (
	"context"
	"slices"
	"strings"

	"loam"
	"loam/internal/text"
)

// Piece is a stretch of a rewriting: Same stays; Cut goes and Add comes in its place, as
// hunk number Hunk, counted from 1.
type Piece struct {
	Hunk int    `json:"hunk"` // 0 for what stays
	Same string `json:"same"`
	Cut  string `json:"cut"`
	Add  string `json:"add"`
}

// Rewriting is a rewrite of a stretch, as a difference by words. Hunks is how many there
// are; 0 means that there was nothing to do.
type Rewriting struct {
	Op     string      `json:"op"`
	Field  string      `json:"field"`
	Start  int         `json:"start"`
	End    int         `json:"end"`
	Origin loam.Origin `json:"origin"` // of what is added
	Pieces []Piece     `json:"pieces"`
	Hunks  int         `json:"hunks"`
}

// hunk is a piece with the bytes it stands for in both texts.
type hunk struct {
	number         int
	oldFrom, oldTo int
	newFrom, newTo int
}

// differ aligns two texts by words.
func differ(before, after string) []hunk {
	ids := map[string]rune{"\n": '\n'}
	code := func(words []string) []rune {
		out := make([]rune, len(words))
		for i, w := range words {
			id, ok := ids[w]
			if !ok {
				id = 0x20000 + rune(len(ids))
				ids[w] = id
			}
			out[i] = id
		}
		return out
	}
	a, b := wordsOf(before), wordsOf(after)
	kept := match(code(a), code(b))
	var out []hunk
	i, from, to, number := 0, 0, 0, 0
	changed := func(oldEnd, newEnd int) {
		if from < oldEnd || to < newEnd {
			number++
			out = append(out, hunk{number, from, oldEnd, to, newEnd})
		}
		from, to = oldEnd, newEnd
	}
	oldAt, newAt := 0, 0
	for j, w := range b {
		if kept[j] < 0 {
			newAt += len(w)
			continue
		}
		for i < kept[j] {
			oldAt += len(a[i])
			i++
		}
		changed(oldAt, newAt)
		oldAt += len(w)
		newAt += len(w)
		i++
		out = append(out, hunk{0, from, oldAt, to, newAt})
		from, to = oldAt, newAt
	}
	changed(len(before), newAt)
	return together(out)
}

// together joins stretches that stay and stand side by side.
func together(all []hunk) []hunk {
	var out []hunk
	for _, h := range all {
		if k := len(out) - 1; k >= 0 && h.number == 0 && out[k].number == 0 {
			out[k].oldTo, out[k].newTo = h.oldTo, h.newTo
			continue
		}
		out = append(out, h)
	}
	return out
}

// wordsOf cuts a text into words, white space and marks each by itself; together they are
// the text.
func wordsOf(s string) []string {
	var out []string
	for line := range strings.SplitAfterSeq(s, "\n") {
		body := strings.TrimSuffix(line, "\n")
		out = append(out, text.Words(body)...)
		if body != line {
			out = append(out, "\n")
		}
	}
	return out
}

// sliceRuns gives the runs of the bytes [from, to).
func sliceRuns(runs []loam.Run, from, to int) []loam.Run {
	var out []loam.Run
	at := 0
	for _, r := range runs {
		a, b := max(from-at, 0), min(to-at, len(r.Text))
		if a < b {
			piece := r
			piece.Text = r.Text[a:b]
			out = append(out, piece)
		}
		at += len(r.Text)
	}
	return out
}

// merge joins runs of one origin that stand side by side.
func merge(runs []loam.Run) []loam.Run {
	out := []loam.Run{}
	for _, r := range runs {
		if k := len(out) - 1; k >= 0 && sameOrigin(out[k], r) {
			out[k].Text += r.Text
		} else if r.Text != "" {
			out = append(out, r)
		}
	}
	return out
}

// Revise names a rewrite: an offline one by Op, or a model's answer by its Generation.
// Hunks are those to take; nil takes all.
type Revise struct {
	Stretch
	Op         string
	Generation string
	Hunks      []int
}

// revision is a rewrite worked out: both texts of the stretch, with their origins.
type revision struct {
	before, after []loam.Run
	hunks         []hunk
	origin        loam.Origin
	from, to      int
}

func (s *Studio) revise(ctx context.Context, w loam.Work, r Revise) (revision, error) {
	runs, whole, from, to, err := r.of(w.Draft)
	if err != nil {
		return revision{}, err
	}
	v := revision{before: sliceRuns(runs, from, to), from: from, to: to, origin: loam.ByArranged}
	words := whole[from:to]
	if r.Generation != "" {
		g, err := s.Store.Generation(ctx, w.Owner, r.Generation)
		if err != nil {
			return v, err
		}
		if g.Work != w.ID || !IsRewrite(g.Purpose) || g.Params["selection"] != fingerprint(words) {
			return v, loam.Fail(loam.Conflict, "rewrite.moved")
		}
		v.origin = loam.ByModel
		v.after = []loam.Run{{Text: rewritten(g.Text, r.Field), Origin: loam.ByModel, Generation: g.ID}}
	} else {
		options, err := s.rewriteOptions(ctx, w, r.Field)
		if err != nil {
			return v, err
		}
		parts, err := Rewrite(r.Op, words, options)
		if err != nil {
			return v, err
		}
		for _, p := range parts {
			if p.From == "" {
				v.after = append(v.after, loam.Run{Text: p.Text, Origin: loam.ByArranged, Added: p.Added})
				continue
			}
			v.after = append(v.after, sliceRuns(v.before, p.Start, p.End)...)
		}
	}
	v.hunks = differ(words, loam.Plain(v.after))
	return v, nil
}

// rewritten is a model's answer as text: what it wrapped around it is left out, and a title
// is one line.
func rewritten(answer, field string) string {
	answer = strings.TrimSpace(strings.NewReplacer("<选段>", "", "</选段>", "").Replace(answer))
	for _, q := range [][2]string{{"「", "」"}, {"“", "”"}, {"\"", "\""}} {
		if in, ok := strings.CutPrefix(answer, q[0]); ok && strings.Count(answer, q[0])+strings.Count(answer, q[1]) == 2 {
			if out, ok := strings.CutSuffix(in, q[1]); ok {
				answer = out
			}
		}
	}
	if field == "title" {
		answer = strings.Join(strings.Fields(answer), " ")
	}
	return answer
}

func (s *Studio) rewriteOptions(ctx context.Context, w loam.Work, field string) (RewriteOptions, error) {
	o := RewriteOptions{Profile: s.Profile, Title: field == "title", Bullet: lookOf(w.Owner).bullet}
	p, err := s.persona(ctx, w.Owner)
	if p != nil {
		o.Emoji = float64(p.Emoji) / 10
		if p.Bullet != "" {
			o.Bullet = p.Bullet
		}
	}
	return o, err
}

// Propose works a rewrite out and changes nothing.
func (s *Studio) Propose(ctx context.Context, owner, work string, r Revise) (Rewriting, error) {
	w, err := s.Store.Work(ctx, owner, work)
	if err != nil {
		return Rewriting{}, err
	}
	v, err := s.revise(ctx, w, r)
	if err != nil {
		return Rewriting{}, err
	}
	out := Rewriting{Op: r.Op, Field: r.Field, Start: v.from, End: v.to, Origin: v.origin, Pieces: []Piece{}}
	before, after := loam.Plain(v.before), loam.Plain(v.after)
	for _, h := range v.hunks {
		p := Piece{Hunk: h.number}
		if h.number == 0 {
			p.Same = before[h.oldFrom:h.oldTo]
		} else {
			p.Cut, p.Add = before[h.oldFrom:h.oldTo], after[h.newFrom:h.newTo]
			out.Hunks = h.number
		}
		out.Pieces = append(out.Pieces, p)
	}
	return out, nil
}

// Adopt puts the chosen hunks of a rewrite into the draft. What stays keeps its origin,
// what an offline rewrite adds is the writer's, what a model's adds is the model's.
func (s *Studio) Adopt(ctx context.Context, owner, work string, base int64, r Revise) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, work)
	if err != nil {
		return Sheet{}, err
	}
	v, err := s.revise(ctx, w, r)
	if err != nil {
		return Sheet{}, err
	}
	var middle []loam.Run
	for _, h := range v.hunks {
		if h.number > 0 && (r.Hunks == nil || slices.Contains(r.Hunks, h.number)) {
			middle = append(middle, sliceRuns(v.after, h.newFrom, h.newTo)...)
		} else {
			middle = append(middle, sliceRuns(v.before, h.oldFrom, h.oldTo)...)
		}
	}
	d := &w.Draft
	d.Before = before(*d)
	field := &d.Body
	if r.Field == "title" {
		field = &d.Title
	}
	whole := loam.Plain(*field)
	*field = merge(slices.Concat(sliceRuns(*field, 0, v.from), middle, sliceRuns(*field, v.to, len(whole))))
	if _, err := s.Store.SaveDraft(ctx, owner, work, base, *d, loam.ActRewrite); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, work)
}

// before keeps the parts of a draft as they are, for one undo.
func before(d loam.Draft) *loam.Before {
	return &loam.Before{Title: d.Title, Body: d.Body, Tags: d.Tags, Pages: d.Pages, Attempt: d.Attempt, Choices: d.Choices}
}

// Undo takes the last rewrite or new arrangement of a part back; done twice it brings it
// again. Without one it is a Conflict, "undo.none".
func (s *Studio) Undo(ctx context.Context, owner, work string, base int64) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, work)
	if err != nil {
		return Sheet{}, err
	}
	d := &w.Draft
	if d.Before == nil {
		return Sheet{}, loam.Fail(loam.Conflict, "undo.none")
	}
	now, was := before(*d), *d.Before
	d.Title, d.Body, d.Tags, d.Pages, d.Attempt, d.Choices, d.Before = was.Title, was.Body, was.Tags, was.Pages, was.Attempt, was.Choices, now
	if _, err := s.Store.SaveDraft(ctx, owner, work, base, *d, loam.ActUndo); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, work)
}
