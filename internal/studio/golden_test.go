package studio

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
)

var update = flag.Bool("update", false, "write the golden files anew")

// mark parts the idea from what the writer makes of it.
const mark = "\n=== draft\n"

// TestGolden holds what the writer makes of ideas written for it. Each file is the idea,
// answers as lines "? slot text" and choices as "! me NAME" after it, and below the mark the draft: read it when it
// changes, it is the first thing a creator judges.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/golden/*.txt")
	if err != nil || len(files) < 120 {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	right, kinds, forms := 0, map[string]int{}, map[string]int{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, want, _ := strings.Cut(string(raw), mark)
		in := goldenInput(strings.TrimRight(head, "\n"))
		a, err := Arrange(in)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		kind, _, _ := strings.Cut(filepath.Base(file), "-")
		kinds[kind]++
		forms[a.Form]++
		if kind == string(a.Kind) {
			right++
		}
		got := show(a)
		if *update {
			if err := os.WriteFile(file, []byte(strings.TrimRight(head, "\n")+mark+got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", file, d)
		}
	}
	for _, k := range loam.NoteKinds() {
		if kinds[string(k)] < 12 {
			t.Errorf("%d ideas for %s", kinds[string(k)], k)
		}
	}
	for _, f := range []form{formIdea, formList, formArticle, formRubble, formChat} {
		if forms[f.String()] == 0 {
			t.Errorf("no idea is a %s", f)
		}
	}
	// The goal of the specification is 85 of 100.
	t.Logf("kind as the file is named: %d of %d", right, len(files))
	if right*100 < len(files)*85 {
		t.Errorf("kind right for %d of %d", right, len(files))
	}
}

func goldenInput(s string) Input {
	var in Input
	var idea []string
	for line := range strings.SplitSeq(s, "\n") {
		if rest, ok := strings.CutPrefix(line, "! "); ok { // a choice: me NAME, line N, derived CODE
			name, value, _ := strings.Cut(rest, " ")
			switch name {
			case "me":
				in.Choices.Me = value
			case "line":
				k, _ := strconv.Atoi(value)
				in.Choices.Lines = append(in.Choices.Lines, k)
			case "derived":
				in.Choices.Derived = append(in.Choices.Derived, value)
			}
			continue
		}
		if rest, ok := strings.CutPrefix(line, "? "); ok {
			slot, answer, _ := strings.Cut(rest, " ")
			in.Answers = append(in.Answers, loam.Answer{Slot: slot, Text: answer})
			continue
		}
		idea = append(idea, line)
	}
	in.Idea = strings.Join(idea, "\n")
	return in
}

func cutWordsOf(a Arranged) string {
	var out []string
	for _, c := range a.Cut {
		out = append(out, c.Text)
	}
	return strings.Join(out, " ")
}

// show writes a draft for reading.
func show(a Arranged) string {
	var b strings.Builder
	fmt.Fprintf(&b, "kind %s\n", a.Kind)
	for _, t := range a.Titles {
		fmt.Fprintf(&b, "title %s (%d %s", t.Text, t.Length, t.Family)
		if len(t.Added) > 0 {
			fmt.Fprintf(&b, " +%s", strings.Join(t.Added, " +"))
		}
		b.WriteString(")\n")
	}
	b.WriteString("\n" + a.Body + "\n\n")
	for _, t := range a.Tags {
		fmt.Fprintf(&b, "#%s ", t.Name)
	}
	b.WriteString("\n")
	for _, q := range a.Asks {
		fmt.Fprintf(&b, "ask %s: %s\n", q.Slot, q.Text)
	}
	for _, c := range a.Checks {
		fmt.Fprintf(&b, "check %s: %s\n", c.Rule, c.Text)
	}
	if a.Form != "idea" {
		fmt.Fprintf(&b, "form %s\n", a.Form)
	}
	if a.Chat != nil {
		for _, p := range a.Chat.Speakers {
			fmt.Fprintf(&b, "speaker %s %d", p.Name, p.Lines)
			if p.Name == a.Chat.Me {
				fmt.Fprintf(&b, " (her, told %v)", a.Chat.Told)
			}
			b.WriteString("\n")
		}
	}
	for _, d := range a.Derived {
		fmt.Fprintf(&b, "derived %s: %s (%s) ticked %v\n", d.Code, d.Text, d.Sum, d.Ticked)
	}
	if a.Rest > 0 {
		fmt.Fprintf(&b, "rest at %d\n", a.Rest)
	}
	if len(a.Cut) > 0 {
		fmt.Fprintf(&b, "cut %s\n", cutWordsOf(a))
	}
	for _, p := range a.Pages {
		fmt.Fprintf(&b, "page %s", p.Kind)
		if p.Number > 0 {
			fmt.Fprintf(&b, " %d", p.Number)
		}
		for _, s := range []string{p.Title, p.Sub} {
			if s != "" {
				fmt.Fprintf(&b, " [%s]", s)
			}
		}
		for _, l := range p.Lines {
			fmt.Fprintf(&b, " / %s", l)
		}
		for _, r := range p.Rows {
			fmt.Fprintf(&b, " / %s", strings.Join(r, " = "))
		}
		b.WriteString("\n")
	}
	return b.String()
}
