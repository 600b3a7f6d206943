package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
	"loam/internal/text"
)

// says takes a comment of an account the whole way.
func (b *bundle) says(t testing.TB, who loam.Account, key, note, parent, words string) loam.Version {
	t.Helper()
	v, err := b.SubmitText(t.Context(), key, loam.Submission{Owner: who.ID, Content: loam.Content{
		Form: loam.FormComment, On: note, Parent: parent, Body: words, TextAI: loam.NotAI, Audience: loam.Public,
	}})
	must(t, err)
	return b.through(t, who, v)
}

// through labels, confirms and screens a text.
func (b *bundle) through(t testing.TB, who loam.Account, v loam.Version) loam.Version {
	t.Helper()
	if v.ConfirmedAt > 0 {
		return v
	}
	hash := b.label(t, v)
	before := len(b.jobs)
	_, err := b.Confirm(t.Context(), who.ID, v.ID, hash)
	must(t, err)
	if n := len(b.jobs) - before; n != 1 || b.jobs[before] != (store.Job{Kind: store.JobScreen, Ref: v.ID}) {
		t.Fatalf("confirming a text enqueued %v, want its screening", b.jobs[before:])
	}
	b.verdict(t, v.ID, loam.Allow)
	return b.wantState(t, v.ID, loam.Released)
}

func comments(t *testing.T, b *bundle) {
	ctx := t.Context()
	note := b.release(t, "note")
	before := len(b.jobs)
	v, err := b.SubmitText(ctx, "k", loam.Submission{Owner: b.cy.ID, Content: loam.Content{Form: loam.FormComment, On: note.Work, Body: "一", Audience: loam.Public}})
	must(t, err)
	if len(b.jobs) != before {
		t.Fatalf("a text that nobody confirmed is on its way: %v", b.jobs[before:])
	}
	first := b.through(t, b.cy, v)
	again, err := b.SubmitText(ctx, "k", loam.Submission{Owner: b.cy.ID, Content: loam.Content{Form: loam.FormComment, On: note.Work, Body: "一", Audience: loam.Public}})
	must(t, err)
	if again.ID != first.ID {
		t.Fatal("the same key made a second comment")
	}
	_, err = b.SubmitText(ctx, "k", loam.Submission{Owner: b.cy.ID, Content: loam.Content{Form: loam.FormComment, On: note.Work, Body: "二", Audience: loam.Public}})
	wantKind(t, err, loam.Conflict)
	_, err = b.SubmitText(ctx, "x", loam.Submission{Owner: b.cy.ID, Content: loam.Content{Form: loam.FormComment, On: first.Work, Body: "二"}})
	wantKind(t, err, loam.NotFound)

	b.clock.Pass(time.Second)
	answer := b.says(t, b.author, "a1", note.Work, first.Work, "答")
	b.clock.Pass(time.Second) // of one millisecond the order is that of random ids
	deeper := b.says(t, b.cy, "a2", note.Work, answer.Work, "再答")
	if answer.Content.Parent != first.Work || deeper.Content.Parent != first.Work {
		t.Fatalf("parents %s and %s, want %s", answer.Content.Parent, deeper.Content.Parent, first.Work)
	}
	for i := range 5 {
		b.clock.Pass(time.Second)
		b.says(t, b.cy, fmt.Sprint("c", i), note.Work, "", fmt.Sprint("评论", i))
	}
	count, open, err := b.Discussion(ctx, note.Work)
	must(t, err)
	if count != 8 || !open {
		t.Fatalf("got %d comments, open %v", count, open)
	}
	var all []string
	for at := (loam.Place{}); ; {
		page, err := b.Comments(ctx, note.Work, "", at, 4)
		must(t, err)
		for _, c := range page {
			all = append(all, c.Text)
		}
		if len(page) < 4 {
			break
		}
		at = page[3].Place()
	}
	if got := strings.Join(all, " "); got != "评论4 评论3 评论2 评论1 评论0 一" {
		t.Fatalf("got %q", got)
	}
	under, err := b.Comments(ctx, note.Work, first.Work, loam.Place{}, 1)
	must(t, err)
	rest, err := b.Comments(ctx, note.Work, first.Work, under[0].Place(), 9)
	must(t, err)
	if len(under) != 1 || under[0].Text != "答" || len(rest) != 1 || rest[0].Text != "再答" || rest[0].Author.ID != b.cy.ID {
		t.Fatalf("answers %+v then %+v", under, rest)
	}
	one, err := b.Comment(ctx, first.Work)
	must(t, err)
	if one.Answers != 2 {
		t.Fatalf("got %d answers", one.Answers)
	}
	recent, err := b.RecentComments(ctx, b.cy.ID, "c4", b.clock.Now().Add(-4500*time.Millisecond).UnixMilli(), 9)
	must(t, err)
	if got := strings.Join(recent, " "); got != "评论3 评论2 评论1 评论0" {
		t.Fatalf("recent: %q", got)
	}

	// A removed comment takes its thread along, and its writer sees why.
	must(t, b.Takedown(ctx, b.ana.ID, first.Work, "abuse", ""))
	count, _, err = b.Discussion(ctx, note.Work)
	must(t, err)
	mine, err := b.Unseen(ctx, b.cy.ID, note.Work, 9)
	must(t, err)
	if count != 5 || len(mine) != 1 || mine[0].State != loam.Removed {
		t.Fatalf("after a removal: %d comments, unseen %+v", count, mine)
	}
	_, err = b.SubmitText(ctx, "late", loam.Submission{Owner: b.cy.ID, Content: loam.Content{Form: loam.FormComment, On: note.Work, Parent: first.Work, Body: "晚"}})
	wantKind(t, err, loam.NotFound)
	wantKind(t, b.SetDiscussion(ctx, b.cy.ID, note.Work, false), loam.NotFound)
	must(t, b.SetDiscussion(ctx, b.author.ID, note.Work, false))
	_, err = b.SubmitText(ctx, "closed", loam.Submission{Owner: b.cy.ID, Content: loam.Content{Form: loam.FormComment, On: note.Work, Body: "晚"}})
	wantKind(t, err, loam.Conflict)

	// A comment is no note: not edited, not listed, not in the feed, not searched.
	_, err = b.Work(ctx, b.cy.ID, first.Work)
	wantKind(t, err, loam.NotFound)
	works, err := b.Works(ctx, b.cy.ID, 0, 9)
	must(t, err)
	feed, err := b.Feed(ctx, false, loam.Place{}, 99)
	must(t, err)
	hits, err := b.Search(ctx, text.Query("评论"), 0, 9)
	must(t, err)
	if len(works) != 0 || len(feed) != 1 || len(hits) != 0 {
		t.Fatalf("%d works, %d in the feed, %d found", len(works), len(feed), len(hits))
	}
}

func profiles(t *testing.T, b *bundle) {
	ctx := t.Context()
	called := func() string {
		a, err := b.Account(ctx, b.cy.ID)
		must(t, err)
		return a.Name + "/" + a.Bio
	}
	write := func(name, bio string) loam.Version {
		v, err := b.SubmitText(ctx, "profile", loam.Submission{Owner: b.cy.ID, Content: loam.Content{Form: loam.FormProfile, Title: name, Body: bio, Audience: loam.Public}})
		must(t, err)
		return v
	}
	_, err := b.Profile(ctx, b.cy.ID)
	wantKind(t, err, loam.NotFound)
	v := write("小西", "你好")
	if called() != "cy/" {
		t.Fatalf("called %q before anything was released", called())
	}
	v = b.through(t, b.cy, v)
	if called() != "小西/你好" {
		t.Fatalf("called %q", called())
	}
	second := b.through(t, b.cy, write("小西", "再见"))
	if second.Work != v.Work || second.Number != 2 || called() != "小西/再见" {
		t.Fatalf("second: %+v, called %q", second, called())
	}
	b.wantState(t, v.ID, loam.Withdrawn)
	if same := write("小西", "再见"); same.ID != second.ID {
		t.Fatal("an unchanged profile made a new version")
	}
	must(t, b.Takedown(ctx, b.ana.ID, second.Work, "abuse", ""))
	if called() != "cy/" {
		t.Fatalf("after the removal: %q", called())
	}
	third := write("小西", "再见") // what a person removed comes back by a person
	hash := b.label(t, third)
	_, err = b.Confirm(ctx, b.cy.ID, third.ID, hash)
	must(t, err)
	b.verdict(t, third.ID, loam.Allow)
	b.wantState(t, third.ID, loam.Held)
	b.decide(t, b.bo, third.ID, loam.RuleAllow)
	b.clock.Pass(6 * time.Second)
	c, err := b.Overdue(ctx)
	must(t, err)
	_ = c
	for _, j := range b.jobs {
		if j.Kind == store.JobDecide {
			must(t, b.Apply(ctx, j.Ref))
		}
	}
	if called() != "小西/再见" {
		t.Fatalf("let out again: %q", called())
	}
}

func reactions(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "note")
	wantKind(t, b.React(ctx, b.cy.ID, b.submit(t, "unseen").Work, loam.Like, true), loam.NotFound)
	for range 2 {
		must(t, b.React(ctx, b.cy.ID, v.Work, loam.Like, true))
	}
	must(t, b.React(ctx, b.ana.ID, v.Work, loam.Like, true))
	must(t, b.React(ctx, b.ana.ID, v.Work, loam.Collect, true))
	must(t, b.React(ctx, b.ana.ID, v.Work, loam.Collect, false))
	counts, own, err := b.Reactions(ctx, b.cy.ID, v.Work)
	must(t, err)
	if counts[loam.Like] != 2 || counts[loam.Collect] != 0 || len(own) != 1 || own[0] != loam.Like {
		t.Fatalf("got %v, own %v", counts, own)
	}
	day := loam.Day(b.clock.Now().UnixMilli())
	for range 2 {
		must(t, b.AddViews(ctx, []loam.Views{
			{Work: v.Work, Day: day, Source: loam.FromFeed, Count: 3},
			{Work: v.Work, Day: "2026-04-01", Source: loam.FromLink, Count: 1},
			{Work: "nowhere", Day: day, Source: loam.FromFeed, Count: 9},
		}))
	}
	b.says(t, b.cy, "c", v.Work, "", "好")
	list, err := b.Tallies(ctx, b.author.ID, 9)
	must(t, err)
	if len(list) != 1 || list[0].Views != 8 || list[0].Likes != 2 || list[0].Comments != 1 || list[0].Sources[loam.FromFeed] != 6 || list[0].Title != "note" {
		t.Fatalf("tallies: %+v", list)
	}
	views, err := b.ViewsSince(ctx, b.author.ID, v.Work, day)
	must(t, err)
	if len(views) != 1 || views[0].Count != 6 {
		t.Fatalf("views: %+v", views)
	}
	total, human, err := b.Exposure(ctx, "2026-01-01")
	must(t, err)
	if total != 8 || human != 8 {
		t.Fatalf("exposure: %d of %d", human, total)
	}
}

func searching(t *testing.T, b *bundle) {
	ctx := t.Context()
	out := func(key, title, body string, tags ...string) loam.Version {
		t.Helper()
		work, err := b.CreateWork(ctx, b.author.ID, key, loam.Draft{})
		must(t, err)
		v, err := b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 1, Content: loam.Content{
			Work: work, Title: title, Body: body, Tags: tags, TextAI: loam.NotAI, Audience: loam.Public,
			Uses: map[loam.Use]bool{loam.UseIndex: true, loam.UseRecommend: true},
		}})
		must(t, err)
		b.verdict(t, v.ID, loam.Allow)
		b.confirm(t, v, b.label(t, v))
		b.clock.Pass(time.Second)
		return v
	}
	inBody := out("body", "周末出门", "湖边有一家咖啡馆，拿铁好喝", "杭州")
	inTitle := out("title", "咖啡馆一下午", "靠窗坐着", "杭州", "咖啡")
	other := out("other", "阳台的薄荷", "三天浇一次水", "阳台")
	find := func(q string) string {
		t.Helper()
		list, err := b.Search(ctx, text.Query(q), 0, 9)
		must(t, err)
		var keys []string
		for _, r := range list {
			keys = append(keys, map[string]string{inBody.Work: "body", inTitle.Work: "title", other.Work: "other"}[r.Version.Work])
			if r.Author.ID != b.author.ID || r.Version.Content.Title == "" {
				t.Fatalf("a hit without its note: %+v", r)
			}
		}
		return strings.Join(keys, " ")
	}
	for q, want := range map[string]string{
		"咖啡": "title body", "咖啡 湖边": "body", "kafei": "title body", "kfg": "title", "薄荷": "other", "杭州": "title body", "hangzhou": "title body",
		"薄荷 咖啡": "", "薄荷 kafei": "", "滑雪": "", "咖啡館": "title body", "湖边 kafei": "body", "hangz kafei": "title body",
	} {
		if got := find(q); got != want {
			t.Errorf("%s: found %q, want %q", q, got, want)
		}
	}
	page, err := b.Search(ctx, text.Query("咖啡"), 1, 1)
	must(t, err)
	if len(page) != 1 || page[0].Version.Work != inBody.Work {
		t.Fatalf("second page: %+v", page)
	}
	none, err := b.Search(ctx, nil, 0, 9)
	must(t, err)
	if len(none) != 0 {
		t.Fatal("no words find notes")
	}
	topic, err := b.ByTopic(ctx, "杭州", loam.Place{}, 1)
	must(t, err)
	more, err := b.ByTopic(ctx, "杭州", loam.PlaceOf(topic[0]), 9)
	must(t, err)
	if len(topic) != 1 || topic[0].Version.ID != inTitle.ID || len(more) != 1 || more[0].Version.ID != inBody.ID {
		t.Fatalf("topic: %+v, then %+v", topic, more)
	}
	near, err := b.Related(ctx, inBody.Work, 9)
	must(t, err)
	if len(near) != 1 || near[0].Version.ID != inTitle.ID {
		t.Fatalf("related: %+v", near)
	}
	like, err := b.TopicsLike(ctx, "杭", 9)
	must(t, err)
	if len(like) != 1 || like[0] != "杭州" {
		t.Fatalf("topics: %v", like)
	}
	must(t, b.choose(ctx, b.author.ID, inTitle.Work, loam.UseIndex, false))
	must(t, b.choose(ctx, b.author.ID, inTitle.Work, loam.UseRecommend, false))
	if got := find("咖啡"); got != "body" {
		t.Errorf("after index was denied: %q", got)
	}
	near, err = b.Related(ctx, inBody.Work, 9)
	must(t, err)
	seen, err := b.ByCreator(ctx, b.author.ID, false, loam.Place{}, 9)
	must(t, err)
	herself, err := b.ByCreator(ctx, b.author.ID, true, loam.Place{}, 9)
	must(t, err)
	if len(near) != 0 || len(seen) != 2 || len(herself) != 3 {
		t.Fatalf("%d related, %d and %d of the creator", len(near), len(seen), len(herself))
	}
	must(t, b.Withdraw(ctx, b.author.ID, inBody.ID))
	if got := find("湖边"); got != "" {
		t.Errorf("after it left: %q", got)
	}
	if n, err := b.Reindex(ctx, 9); err != nil || n != 0 {
		t.Fatalf("%d notes to cut anew, %v", n, err)
	}
	for _, q := range []string{`DELETE FROM search_terms`, `DELETE FROM topics`, `UPDATE releases SET indexed = 0`} { // as an older build left them
		_, err := b.Pool().ExecContext(ctx, q)
		must(t, err)
	}
	if got := find("薄荷"); got != "" {
		t.Fatalf("found without terms: %q", got)
	}
	if n, err := b.Reindex(ctx, 9); err != nil || n != 2 {
		t.Fatalf("%d notes cut anew, %v", n, err)
	}
	if got := find("薄荷"); got != "other" {
		t.Fatalf("after cutting anew: %q", got)
	}
}

func feedOfBoth(t *testing.T, b *bundle) {
	ctx := t.Context()
	human := b.release(t, "human")
	work, err := b.CreateWork(ctx, b.author.ID, "made", loam.Draft{})
	must(t, err)
	v, err := b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 1, Content: loam.Content{
		Work: work, Title: "made", Body: "b", TextAI: loam.MayAI, Audience: loam.Public, Uses: map[loam.Use]bool{loam.UseRecommend: true},
	}})
	must(t, err)
	b.verdict(t, v.ID, loam.Allow)
	b.confirm(t, v, b.label(t, v))
	for made, want := range map[bool]string{false: human.ID, true: v.ID} {
		list, err := b.Feed(ctx, made, loam.Place{}, 9)
		must(t, err)
		if len(list) != 1 || list[0].Version.ID != want || list[0].Author.Handle != "author" || list[0].ReleasedAt == 0 {
			t.Fatalf("made %v: %+v", made, list)
		}
	}
	must(t, b.AddViews(ctx, []loam.Views{{Work: work, Day: "2026-05-01", Source: loam.FromFeed, Count: 1}, {Work: human.Work, Day: "2026-05-01", Source: loam.FromFeed, Count: 3}}))
	total, people, err := b.Exposure(ctx, "2026-05-01")
	must(t, err)
	if total != 4 || people != 3 {
		t.Fatalf("exposure %d of %d", people, total)
	}
	titles, err := b.RecentTitles(ctx, 9)
	must(t, err)
	first, err := b.FirstReleases(ctx, []string{b.author.ID, b.cy.ID})
	must(t, err)
	if len(titles) != 2 || first[b.author.ID] == 0 || first[b.cy.ID] != 0 {
		t.Fatalf("titles %v, first %v", titles, first)
	}
}

func record(t *testing.T, b *bundle) {
	ctx := t.Context()
	empty, err := b.Record(ctx, 0)
	must(t, err)
	if empty.Reports != 0 || empty.ReportMinutes != -1 || empty.AppealMinutes != -1 {
		t.Fatalf("of nothing: %+v", empty)
	}
	v := b.release(t, "note")
	_, err = b.FileReport(ctx, loam.Report{Work: v.Work, Risk: loam.Fraud})
	must(t, err)
	b.clock.Pass(7 * time.Minute)
	d := b.decide(t, b.ana, v.ID, loam.RuleRemove)
	b.clock.Pass(time.Minute)
	must(t, b.Apply(ctx, d.ID))
	_, err = b.FileAppeal(ctx, b.author.ID, v.ID, "为什么")
	must(t, err)
	b.clock.Pass(20 * time.Minute)
	d = b.decide(t, b.bo, v.ID, loam.RuleRemove)
	must(t, b.Apply(ctx, d.ID))
	r, err := b.Record(ctx, 0)
	must(t, err)
	want := loam.Record{Reports: 1, ReportMinutes: 7, Decisions: 2, DecisionMinutes: 20, Removed: 2, Appeals: 1, AppealMinutes: 20, Upheld: 1}
	if r != want {
		t.Fatalf("got %+v, want %+v", r, want)
	}
}
