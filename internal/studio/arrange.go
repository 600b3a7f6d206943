package studio

import (
	"strings"

	"loam"
	"loam/internal/text"
)

// Arrange makes a draft of an input: titles, body, tags, pages and questions, all of her
// words and the closed scaffold. Its words are Showable (see Input.showable). It is Invalid,
// "idea.empty", if the idea holds no letter and no digit.
func Arrange(in Input) (Arranged, error) {
	if strings.IndexFunc(in.Idea, isWordy) < 0 {
		return Arranged{}, loam.Fail(loam.Invalid, "idea.empty")
	}
	n := understand(in)
	a := Arranged{Kind: n.kind, Form: n.form.String(), Titles: n.titles(), Tags: n.tags(), Asks: n.asks(), Cut: n.cut, Chat: n.chat, Derived: n.worked(), Sponsorship: n.disclosed()}
	sections := n.shape()
	c := n.layOut(sections, a.Titles[0])
	a.Pages = c.pages()
	a.BodyParts = n.body(sections, text.Xiaohongshu().BodyMax, func(i, k int) int {
		if n.form == formArticle {
			k = 0 // a block's lines stand together
		}
		return c.at[[2]int{i, k}]
	})
	a.Body, a.Rest = flat(a.BodyParts), n.rest
	a.Checks = n.checks(c, a.Body)
	return a, nil
}

// inputOf is a draft as the writer reads it.
func inputOf(d loam.Draft) Input {
	return Input{Idea: d.Idea, Kind: d.Kind, Answers: d.Answers, Attempt: d.Attempt, Choices: d.Choices}
}

// Runs gives a draft's runs of parts: hers, or the writer's, marked where it added words.
func Runs(parts []Part) []loam.Run {
	out := []loam.Run{}
	for _, p := range parts {
		r := loam.Run{Text: p.Text, Origin: loam.ByPerson}
		if p.From == "" {
			r.Origin, r.Added = loam.ByArranged, p.Added
		}
		if k := len(out) - 1; k >= 0 && out[k].Origin == r.Origin && out[k].Added == r.Added {
			out[k].Text += r.Text
			continue
		}
		if r.Text != "" {
			out = append(out, r)
		}
	}
	return out
}

// Judge holds any title, such as her own, against the list the proposals are held against.
func Judge(in Input, title string) []Merit {
	if strings.IndexFunc(in.Idea, isWordy) < 0 || strings.TrimSpace(title) == "" {
		return []Merit{}
	}
	return understand(in).judge(title)
}
