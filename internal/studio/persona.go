package studio

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"loam"
	"loam/internal/text"
)

const (
	personaNotes = 100 // are read at most
	personaWords = 20
)

// liked are the tags of words that show how somebody talks rather than what about.
func liked(tag string) bool {
	switch tag {
	case "a", "ad", "d", "l", "i", "z", "y", "e", "o":
		return true
	}
	return false
}

// Learn reads how somebody writes out of her own notes. Notes of which a model wrote any
// part are left out: they are not how she writes.
func Learn(notes []loam.Content) loam.Persona {
	p := loam.Persona{Words: []string{}}
	type count struct{ uses, notes int }
	words := map[string]count{}
	marks, heads := map[string]int{}, map[string]int{}
	characters, emoji, sentences, read := 0, 0, 0, 0
	for _, c := range notes {
		if c.TextAI != loam.NotAI {
			continue
		}
		read++
		seen := map[string]bool{}
		for _, w := range text.Segment(c.Title + "\n" + c.Body) {
			if !liked(w.Tag) || utf8.RuneCountInString(w.Text) < 2 || !strings.ContainsFunc(w.Text, unicode.IsLetter) {
				continue
			}
			n := words[w.Text]
			n.uses++
			if !seen[w.Text] {
				n.notes++
			}
			seen[w.Text], words[w.Text] = true, n
		}
		characters += utf8.RuneCountInString(c.Body)
		emoji += emojiIn(c.Body)
		sentences += len(stretches(c.Body))
		for line := range strings.SplitSeq(c.Body, "\n") {
			mark := markOf(line)
			if slices.Contains(bullets[:], mark) {
				marks[mark]++
			}
			for _, h := range headings {
				if h[0] != "" && strings.HasPrefix(line, h[0]) {
					heads[h[0]]++
				}
			}
		}
	}
	if characters == 0 {
		return p
	}
	p.Emoji = emoji * 1000 / characters
	p.Sentence = characters / max(1, sentences)
	p.Bullet, p.Heading = most(marks), most(heads)
	least := 2
	if read < 3 {
		least = 1
	}
	for w, n := range words {
		if n.notes >= least && n.uses >= 2 {
			p.Words = append(p.Words, w)
		}
	}
	slices.SortFunc(p.Words, func(a, b string) int {
		return cmp.Or(cmp.Compare(words[b].notes, words[a].notes), cmp.Compare(words[b].uses, words[a].uses), strings.Compare(a, b))
	})
	p.Words = p.Words[:min(len(p.Words), personaWords)]
	return p
}

// markOf is the bullet a line begins with and the space after it.
func markOf(line string) string {
	if n := bulletLen(line); n > 0 {
		return line[:n]
	}
	return ""
}

// most is the key counted most often, at least twice; "" if there is none.
func most(counts map[string]int) string {
	best := ""
	for k, n := range counts {
		if n >= 2 && (best == "" || n > counts[best] || n == counts[best] && k < best) {
			best = k
		}
	}
	return best
}

func emojiIn(s string) int {
	n, state := 0, -1
	for s != "" {
		var c string
		if c, s, _, state = uniseg.FirstGraphemeClusterInString(s, state); isEmoji(c) {
			n++
		}
	}
	return n
}

// stretches are the sentences of a text that say something.
func stretches(s string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(s, isStop), func(x string) bool { return !hasWord(x) })
}

// PersonaView is a persona as its owner sees it: what was learned, what holds with her own
// values, whether it is used, and the notes it rests on or could rest on.
type PersonaView struct {
	On      bool              `json:"on"`
	Learned loam.Persona      `json:"learned"`
	Now     loam.Persona      `json:"now"`
	Edits   loam.PersonaEdits `json:"edits"`
	Notes   []PersonaNote     `json:"notes"`
}

// PersonaNote is a published note and whether the persona may rest on it.
type PersonaNote struct {
	Work    string `json:"work"`
	Title   string `json:"title"`
	Allowed bool   `json:"allowed"` // its style use is allowed now
	Model   bool   `json:"model"`   // a model wrote some of it: it is not learned from
}

// Persona learns an account's persona anew from what it allows at this moment: a note whose
// style use was withdrawn is out of it at once.
func (s *Studio) Persona(ctx context.Context, account string) (PersonaView, error) {
	v := PersonaView{Notes: []PersonaNote{}}
	edits, err := s.Store.Persona(ctx, account)
	if err != nil {
		return v, err
	}
	styled, err := s.Store.Styled(ctx, account, personaNotes)
	if err != nil {
		return v, err
	}
	var notes []loam.Content
	for _, n := range styled {
		v.Notes = append(v.Notes, PersonaNote{Work: n.Work, Title: n.Content.Title, Allowed: n.Allowed, Model: n.Content.TextAI != loam.NotAI})
		if n.Allowed {
			notes = append(notes, n.Content)
		}
	}
	v.On, v.Edits, v.Learned = edits.On, edits, Learn(notes)
	v.Now = v.Learned.Edited(edits)
	if v.Now.Words == nil {
		v.Now.Words = []string{}
	}
	return v, nil
}

// SavePersona keeps what its owner set. Marks that are not of the closed list are Invalid,
// "persona.mark": the writer puts no other between her words.
func (s *Studio) SavePersona(ctx context.Context, account string, e loam.PersonaEdits) (PersonaView, error) {
	if e.Bullet != nil && *e.Bullet != "" && !slices.Contains(bullets[:], *e.Bullet) {
		return PersonaView{}, loam.Fail(loam.Invalid, "persona.mark")
	}
	if e.Heading != nil && !slices.ContainsFunc(headings[:], func(h [2]string) bool { return h[0] == *e.Heading }) {
		return PersonaView{}, loam.Fail(loam.Invalid, "persona.mark")
	}
	if e.Words != nil {
		words := []string{}
		for _, w := range *e.Words {
			if w = strings.TrimSpace(w); w != "" && utf8.RuneCountInString(w) <= 12 && !strings.ContainsFunc(w, unicode.IsControl) {
				words = append(words, w)
			}
		}
		e.Words = &words
	}
	if err := s.Store.SavePersona(ctx, account, e); err != nil {
		return PersonaView{}, err
	}
	return s.Persona(ctx, account)
}

// persona is an account's persona while it is on; nil while it is off.
func (s *Studio) persona(ctx context.Context, account string) (*loam.Persona, error) {
	edits, err := s.Store.Persona(ctx, account)
	if err != nil || !edits.On {
		return nil, err
	}
	v, err := s.Persona(ctx, account)
	return &v.Now, err
}

// dress sets the marks of her persona for the body that is arranged next.
func (s *Studio) dress(ctx context.Context, account string, c *loam.Choices) error {
	c.Bullet, c.Heading = "", ""
	p, err := s.persona(ctx, account)
	if p != nil {
		c.Bullet, c.Heading = p.Bullet, p.Heading
	}
	return err
}

// described is a persona in words for a model, the marks and numbers of it only.
func described(p loam.Persona) string {
	var out []string
	if len(p.Words) > 0 {
		out = append(out, "爱用的词:"+unmarked(strings.Join(p.Words, "、")))
	}
	if p.Sentence > 0 {
		out = append(out, "一句大约"+strconv.Itoa(p.Sentence)+"个字")
	}
	switch {
	case p.Emoji == 0:
		out = append(out, "不用表情符号")
	case p.Emoji < 10:
		out = append(out, "很少用表情符号")
	default:
		out = append(out, "每百字约"+strconv.Itoa(p.Emoji/10)+"个表情符号")
	}
	if p.Bullet != "" {
		out = append(out, "列表用「"+strings.TrimSpace(p.Bullet)+"」")
	}
	return strings.Join(out, ";")
}
