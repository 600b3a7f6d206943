package screen

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/policy"
)

func allowing(t testing.TB, words ...string) *policy.Policy {
	t.Helper()
	p, err := policy.Parse(strings.Replace(policy.Default(), "allow: []", fmt.Sprintf("allow: [%s]", strings.Join(words, ", ")), 1))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// However a standing list came about, in large steps and small, with allowed words or
// without, it finds what it finds when it is compiled at once.
func TestListsChange(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	var all []loam.Phrase
	for i := range 3000 {
		all = append(all, loam.Phrase{
			Text: fmt.Sprintf("%c%c%c", 0x4E00+i%50, 0x4E00+i/50%50, 0x4E00+i%7), Risk: loam.Risks()[i%5], Tier: tiers[i%3],
		})
	}
	policies := []*policy.Policy{allowing(t), allowing(t, "一丁七万")}
	s := New(Config{Policy: policies[0], Phrases: all[:1500]})
	late := 0
	for range 30 {
		p := policies[r.IntN(8)/7]
		from := r.IntN(200)
		list := slices.Concat(all[from:from+1200+r.IntN(400)], all[2000:2000+r.IntN(400)])
		if r.IntN(6) == 0 {
			list = all[r.IntN(1000):]
		}
		s.Use(p, list)
		if s.now.Load().phrases.lists.late != nil {
			late++
		}
		fresh := New(Config{Policy: p, Phrases: list})
		for range 40 {
			text := ""
			for range 12 {
				text += string(rune(0x4E00 + r.IntN(20)))
			}
			got, want := s.Text(context.Background(), "", text), fresh.Text(context.Background(), "", text)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%q (-fresh +changed):\n%s", text, diff)
			}
			if s.Passes(text) != fresh.Passes(text) {
				t.Fatalf("%q passes differently", text)
			}
		}
	}
	if late < 5 {
		t.Errorf("only %d changes were small ones", late)
	}
}

// A compiled list says what the list says; one that was compiled with other allowed words is
// known by it.
func TestCompiled(t *testing.T) {
	t.Parallel()
	list := []loam.Phrase{
		{Text: "代开发票", Risk: loam.Fraud, Tier: loam.TierBlock},
		{Text: "装搭", Risk: loam.Abuse, Tier: loam.TierReview},
		{Text: "六四三", Risk: loam.Politics, Tier: loam.TierSignal},
		{Text: "643", Risk: loam.Politics, Tier: loam.TierSignal},
	}
	p := allowing(t, "女装搭配")
	var b bytes.Buffer
	if err := NewLexicon(list, p.Allowed()).Save(&b); err != nil {
		t.Fatal(err)
	}
	x, err := ReadLexicon(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if x.Len() != 4 || !x.Allows(p.Allowed()) || x.Allows(nil) || !IsCompiled(b.Bytes()) {
		t.Error("it is not what was compiled")
	}
	compiled, plain := New(Config{Policy: p, Compiled: x}), New(Config{Policy: p, Phrases: list})
	for _, s := range []string{"代開發票", "女装搭配和装搭", "代.开.发.票", "dai kai fa piao", "dkfp", "八六四三", "643"} {
		if diff := cmp.Diff(plain.Text(context.Background(), "", s), compiled.Text(context.Background(), "", s)); diff != "" {
			t.Errorf("%q (-list +compiled):\n%s", s, diff)
		}
	}
	for _, cut := range []int{0, 10, 60, 70, b.Len() - 1} {
		if _, err := ReadLexicon(b.Bytes()[:cut]); loam.KindOf(err) != loam.Invalid {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}
