package storetest

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"loam"
	"loam/internal/store"
	"loam/internal/text"
)

// asking are the methods that hand out the works of others, each with the use it is and how to
// see whether a note is in what it gives; another is a work with the same topic. Whoever adds such a method says here which use it is.
func (b *bundle) asking(another string) map[string]struct {
	use   loam.Use
	holds func(ctx context.Context, v loam.Version) (bool, error)
} {
	type gives = struct {
		use   loam.Use
		holds func(ctx context.Context, v loam.Version) (bool, error)
	}
	released := func(list []loam.Release, err error) func(v loam.Version) (bool, error) {
		return func(v loam.Version) (bool, error) {
			return slices.ContainsFunc(list, func(r loam.Release) bool { return r.Version.ID == v.ID }), err
		}
	}
	return map[string]gives{
		"Feed": {loam.UseRecommend, func(ctx context.Context, v loam.Version) (bool, error) {
			return released(b.Feed(ctx, false, loam.Place{}, 9))(v)
		}},
		"Related": {loam.UseRecommend, func(ctx context.Context, v loam.Version) (bool, error) {
			return released(b.Related(ctx, another, 9))(v)
		}},
		"Search": {loam.UseIndex, func(ctx context.Context, v loam.Version) (bool, error) {
			return released(b.Search(ctx, text.Query("咖啡"), 0, 9))(v)
		}},
		"ByTopic": {loam.UseIndex, func(ctx context.Context, v loam.Version) (bool, error) {
			return released(b.ByTopic(ctx, "杭州", loam.Place{}, 9))(v)
		}},
		"ByCreator": {loam.UseIndex, func(ctx context.Context, v loam.Version) (bool, error) {
			return released(b.ByCreator(ctx, v.Owner, false, loam.Place{}, 9))(v)
		}},
		"OpenWorks": {loam.UseIndex, func(ctx context.Context, v loam.Version) (bool, error) {
			if err := b.choose(ctx, v.Owner, v.Work, loam.UseRetrieve, true); err != nil {
				return false, err
			}
			return released(b.OpenWorks(ctx, 9))(v)
		}},
		"TopicsLike": {loam.UseIndex, func(ctx context.Context, _ loam.Version) (bool, error) {
			list, err := b.TopicsLike(ctx, "杭", 9)
			return len(list) > 0, err
		}},
		"Topics": {loam.UseIndex, func(ctx context.Context, _ loam.Version) (bool, error) {
			list, err := b.Topics(ctx, 9)
			return len(list) > 0, err
		}},
		"Styled": {loam.UseStyle, func(ctx context.Context, v loam.Version) (bool, error) {
			list, err := b.Styled(ctx, v.Owner, 9)
			return slices.ContainsFunc(list, func(s loam.Styled) bool { return s.Work == v.Work && s.Allowed }), err
		}},
		"TrainingNotes": {loam.UseTrainText, func(ctx context.Context, v loam.Version) (bool, error) {
			list, err := b.TrainingNotes(ctx, loam.UseTrainText, b.clock.Now().UnixMilli(), "", 9)
			return slices.ContainsFunc(list, func(n loam.TrainingNote) bool { return n.Version == v.ID }), err
		}},
		"Titles": {loam.UseStyle, func(ctx context.Context, v loam.Version) (bool, error) {
			list, err := b.Titles(ctx, 9)
			return slices.ContainsFunc(list, func(l store.TitleLine) bool { return l.Title == v.Content.Title && l.Style }), err
		}},
	}
}

// withoutUse are methods that give works, or parts of them, and ask nobody, with why.
var withoutUse = map[string]string{
	"ByWork":         "a reader opens the page itself, which its owner published",
	"Version":        "checked where it is read: one's own, or a reviewer's case",
	"Taken":          "one's own",
	"Profile":        "what an account says of herself on her page",
	"Submit":         "one's own",
	"SubmitText":     "one's own",
	"Confirm":        "one's own",
	"NearTexts":      "screening: whether a new note copies hers, for her",
	"SharedPassages": "screening: whether a new note copies hers, for her",
	"Untaken":        "screening: traits taken again by newer rules",
	"Out":            "screening: whether a protection registered since is in it, for who holds that",
	"RecentTitles":   "a public figure: one number over all titles",
}

// everyUseAsks: a note is in what a method hands out while the method's use is allowed for it, and
// not a moment after that was taken back; a method nobody placed fails.
func everyUseAsks(t *testing.T, b *bundle) {
	ctx := t.Context()
	works := []reflect.Type{
		reflect.TypeFor[loam.Release](), reflect.TypeFor[[]loam.Release](), reflect.TypeFor[loam.Version](), reflect.TypeFor[[]loam.Version](),
		reflect.TypeFor[[]loam.Styled](), reflect.TypeFor[[]loam.TrainingNote](), reflect.TypeFor[[]loam.TakenWork](), reflect.TypeFor[[]store.TitleLine](),
	}
	work, err := b.CreateWork(ctx, b.author.ID, "asks", loam.Draft{Kind: loam.KindDaily, Idea: "a"})
	must(t, err)
	another, err := b.CreateWork(ctx, b.author.ID, "another", loam.Draft{Kind: loam.KindDaily, Idea: "b"})
	must(t, err)
	asking := b.asking(another)
	db := reflect.TypeFor[*store.DB]()
	for m := range db.Methods() {
		for out := range m.Type.Outs() {
			_, asks := asking[m.Name]
			if _, excused := withoutUse[m.Name]; slices.Contains(works, out) && !asks && !excused {
				t.Errorf("%s gives works: say in asking which use that is", m.Name)
			}
		}
	}
	var v loam.Version
	for i, id := range []string{work, another} {
		s, err := b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 1, Content: loam.Content{
			Work: id, Kind: loam.KindDaily, Title: []string{"湖边的咖啡", "无题"}[i], Body: "正文", Tags: []string{"杭州"}, TextAI: loam.NotAI, Audience: loam.Public,
			Uses: map[loam.Use]bool{loam.UseIndex: i == 0, loam.UseRecommend: i == 0},
		}})
		must(t, err)
		b.verdict(t, s.ID, loam.Allow)
		b.confirm(t, s, b.label(t, s))
		if i == 0 {
			v = b.wantState(t, s.ID, loam.Released)
		}
	}
	for name, m := range asking {
		for _, allowed := range []bool{true, false, true} {
			must(t, b.choose(ctx, v.Owner, v.Work, m.use, allowed))
			if got, err := m.holds(ctx, v); err != nil || got != allowed {
				t.Errorf("%s: allowed %v, and the note is there: %v, %v", name, allowed, got, err)
			}
		}
	}
}
