package intake

import (
	"strings"
	"testing"

	"loam"
)

func TestComment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, words, code, kept string
	}{
		{"plain", "拿铁真的好喝", "", "拿铁真的好喝"},
		{"html stays what it is", "<script>alert(1)</script> & \"x\"", "", "<script>alert(1)</script> & \"x\""},
		{"line ends of a form", " 一\r\n二 ", "", "一\n二"},
		{"emoji with joiners", "👩‍👩‍👧‍👦 好看", "", "👩‍👩‍👧‍👦 好看"},
		{"right to left", "שלום עולם", "", "שלום עולם"},
		{"as long as it may be", strings.Repeat("长", MaxComment), "", strings.Repeat("长", MaxComment)},
		{"too long", strings.Repeat("长", MaxComment+1), "comment.length", ""},
		{"empty", " \r\n ", "comment.length", ""},
		{"zalgo", "h" + strings.Repeat("\u0351", 30), "comment.unshowable", ""},
		{"turned round", "abc\u202edef", "comment.unshowable", ""},
		{"isolate", "abc\u2067def", "comment.unshowable", ""},
		{"null", "a\x00b", "comment.unshowable", ""},
		{"invalid", "a\xff\xfe", "comment.unshowable", ""},
		{"a ladder", strings.Repeat("a\n", 40) + "a", "comment.unshowable", ""},
		{"said before", "这家店的咖啡，真的很好喝！", "comment.same", ""},
		{"said before, longer", strings.Repeat("这家店的咖啡真的很好喝，靠窗的位置最好。", 2) + "推荐", "comment.same", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := setup(t)
			d.shelf.recent = []string{"这家店的咖啡真的很好喝", strings.Repeat("这家店的咖啡真的很好喝，靠窗的位置最好。", 2)}
			v, err := d.Comment(t.Context(), "ann", "k", "w1", "", c.words)
			if c.code != "" {
				if loam.CodeOf(err) != c.code || len(d.shelf.submitted) != 0 {
					t.Fatalf("got %v and %d submissions, want %s", err, len(d.shelf.submitted), c.code)
				}
				return
			}
			if err != nil || v.Content.Body != c.kept || v.Content.Form != loam.FormComment || v.Content.On != "w1" || v.Content.TextAI != loam.NotAI {
				t.Fatalf("got %+v, %v", v.Content, err)
			}
			for u, allowed := range v.Content.Uses {
				if allowed {
					t.Errorf("a comment allows %s", u)
				}
			}
		})
	}
}

func TestCommentOfAModel(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.shelf.generated = []loam.Generation{{ID: "g", Text: "雨点敲在玻璃上"}}
	v, err := d.Comment(t.Context(), "ann", "k", "w1", "", "雨点敲在玻璃上")
	if err != nil || v.Content.TextAI != loam.IsAI || !v.Content.Declaration.Locked {
		t.Fatalf("got %+v, %v", v.Content, err)
	}
	d.Producer = false
	if _, err := d.Comment(t.Context(), "ann", "k2", "w1", "", "雨点敲在玻璃上"); loam.CodeOf(err) != "label.producer_missing" {
		t.Fatalf("without a producer: %v", err)
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, bio, code string }{
		{"安安", "在湖边喝咖啡。\n周末出门。", ""},
		{"安安", "", ""},
		{"", "x", "name.invalid"},
		{"a\u202eb", "", "name.invalid"},
		{"a" + strings.Repeat("\u0301", 9), "", "name.invalid"},
		{"安安", strings.Repeat("长", MaxBio+1), "bio.length"},
		{"安安", strings.Repeat("a\n", 9) + "b", "bio.unshowable"},
	} {
		d := setup(t)
		v, err := d.Profile(t.Context(), "ann", c.name, c.bio)
		if c.code != "" {
			if loam.CodeOf(err) != c.code {
				t.Errorf("%q %q: got %v, want %s", c.name, c.bio, err, c.code)
			}
			continue
		}
		if err != nil || v.Content.Title != c.name || v.Content.Body != c.bio || v.Content.Form != loam.FormProfile {
			t.Errorf("%q: got %+v, %v", c.name, v.Content, err)
		}
	}
}
