package studio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"loam"
)

// sharedForm are titles of one form by some people.
func sharedForm(notes, people int) []Published {
	var out []Published
	things := []string{"咖啡馆", "面馆", "书店", "餐厅", "公园"}
	for i := range notes {
		out = append(out, Published{Title: fmt.Sprintf("人均%d的%s值得去吗", 20+i, things[i%len(things)]), Owner: fmt.Sprint("u", i%people), Kind: loam.KindShop, Collects: i % 7})
	}
	return out
}

// TestSkeletons: only a form that enough people share is one, what fewer share stays theirs,
// and its title says what it rests on and that its words are not hers.
func TestSkeletons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ notes, people, want int }{{19, 19, 0}, {40, 9, 0}, {40, 12, 1}} {
		if got := Skeletons(sharedForm(c.notes, c.people)); len(got) != c.want {
			t.Errorf("%d notes by %d people: %+v", c.notes, c.people, got)
		}
	}
	titles := sharedForm(40, 12)
	in := Input{Idea: exampleShop, Community: Community{Skeletons: Skeletons(titles)}}
	a, err := Arrange(in)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(a.Titles, func(t Title) bool { return t.Family == "community" })
	if i < 0 {
		t.Fatalf("no title of the community's form: %+v", a.Titles)
	}
	if got := a.Titles[i]; !strings.Contains(got.Text, "人均35") || len(got.Added) == 0 || len(got.Rests) != 5 || got.Rests[0] != "12" || got.Rests[1] != "40" || !strings.Contains(got.Why, "12 位作者") {
		t.Errorf("title %+v", got)
	}
	if TextAI(false, false, Runs(a.Titles[i].Parts)) != loam.IsAI {
		t.Error("others' words between hers are not marked")
	}
	// Withdrawn permission: the caller no longer gives the title, and the form is gone.
	if got := Skeletons(titles[:15]); len(got) != 0 {
		t.Errorf("after withdrawal: %+v", got)
	}
}

func TestWilson(t *testing.T) {
	t.Parallel()
	for _, c := range [][4]int{{18, 31, 40, 74}, {0, 10, 0, 28}, {10, 10, 72, 100}, {0, 0, 0, 100}} {
		if from, to := Wilson(c[0], c[1]); from != c[2] || to != c[3] {
			t.Errorf("%d of %d: %d to %d, want %d to %d", c[0], c[1], from, to, c[2], c[3])
		}
	}
}
