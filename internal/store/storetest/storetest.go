// Package storetest is the one conformance suite of the store: the same promises on
// every database. A database is equal to another when it passes.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
)

// Clock is a clock a test moves by hand.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Pass moves the clock on.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// bundle is a fresh database with a clock, the jobs it enqueued, and three people.
type bundle struct {
	*store.DB
	clock               *Clock
	mu                  sync.Mutex
	jobs                []store.Job
	ana, bo, cy, author loam.Account
}

// Run runs the suite. open gives an empty database on the clock.
func Run(t *testing.T, open func(t testing.TB, clock loam.Clock) *store.DB) {
	for name, test := range map[string]func(*testing.T, *bundle){
		"people":                          people,
		"invite once":                     inviteOnce,
		"draft revisions":                 draftRevisions,
		"submit is idempotent":            submitIdempotent,
		"gates in any order":              gatesInAnyOrder,
		"confirm binds bytes":             confirmBinds,
		"an edit withdraws":               editWithdraws,
		"replace a release":               replaceRelease,
		"lease fences":                    leaseFences,
		"nobody judges herself":           nobodyJudgesHerself,
		"undo in five seconds":            undoInFive,
		"report, remove, appeal, restore": reportToRestore,
		"uses default to no":              usesDefaultNo,
		"times are in reach":              timesInReach,
		"earlier choices once":            earlierOnce,
		"earlier choices of a comment":    earlierComment,
		"foreign terms only close":        foreignCloses,
		"rights hold in lists and log":    rightsHold,
		"what is said at once":            saidAtOnce,
		"a deleted note is closed":        deletedIsClosed,
		"an account is erased":            accountErased,
		"every use asks":                  everyUseAsks,
		"choices are said once":           choicesOnce,
		"denial follows":                  denialFollows,
		"a dismissed dispute frees":       dismissedFrees,
		"leaves are placed once":          leavesPlaced,
		"corpora":                         corpora,
		"a right is held by one":          heldByOne,
		"passkeys are what the fold says": passkeysFold,
		"acts are signed once":            actsSigned,
		"a yes is overtaken":              yesOvertaken,
		"generation once":                 generationOnce,
		"spend cap":                       spendCap,
		"personas":                        personas,
		"style is learned from by leave":  styled,
		"races have one winner":           races,
		"phrases":                         phrases,
		"near texts":                      nearTexts,
		"shared passages":                 sharedPassages,
		"same structure":                  sameStructure,
		"near pictures":                   nearPictures,
		"traits are taken again":          takenAgain,
		"figures":                         figures,
		"sessions":                        sessions,
		"uses hold from the release":      usesAtRelease,
		"an edit voids the confirmation":  editVoids,
		"report beside a pending ruling":  reportBesidePending,
		"takedown beside a ruling":        takedownBesidePending,
		"won appeal beside a newer note":  wonAppealBesideNewer,
		"invites end":                     invitesEnd,
		"skips end":                       skipsEnd,
		"removed comes back by a person":  removedComesBackByAPerson,
		"staff":                           staff,
		"keys":                            keys,
		"a lease given back":              releaseLease,
		"scheduled":                       scheduled,
		"disabled before it goes out":     disabledWaits,
		"history":                         history,
		"templates":                       templates,
		"precedents":                      precedents,
		"a reviewer's day":                reviewDay,
		"comments":                        comments,
		"profiles":                        profiles,
		"reactions and views":             reactions,
		"search":                          searching,
		"feed of both kinds":              feedOfBoth,
		"record":                          record,
		"label appeals":                   labelAppeals,
		"waivers":                         waivers,
		"notice, removal, restoration":    noticeLine,
		"a notice answered":               noticeAnswered,
		"notices refused":                 noticesRefused,
		"a phrase is held by two":         phraseHeld,
		"claimants are forgotten":         claimantsForgotten,
		"a suspension is extended":        suspensionExtended,
		"claims are paged":                claimsPaged,
		"a comment is not paused":         commentNotPaused,
		"notices are bounded":             noticesBounded,
		"what was dismissed rests":        dismissedRests,
		"so does what was upheld first":   upheldThenDismissed,
		"the queue is shared":             queueShared,
		"claims are decided by others":    claimDecided,
		"claims sent signed out":          claimedSignedOut,
		"decides what is read":            decidesWhatIsRead,
		"claims beside each other":        claimsBeside,
		"repeat infringers":               repeatInfringer,
		"denied pictures":                 deniedPictures,
		"denied sounds":                   deniedSounds,
		"claims wander":                   claimsWander,
		"protections":                     protections,
		"a protected child":               protectedChild,
		"looking back":                    lookedBack,
		"sightings":                       sightings,
		"sounds":                          sounds,
		"protections wander":              protectionsWander,
		"biometrics are deleted":          biometrics,
		"biometrics are not told":         untold,
		"biometrics find beside names":    stopped,
		"an archive arrives": func(t *testing.T, b *bundle) {
			arrives(t, b, func() *store.DB { return open(t, b.clock.Now) })
		},
		"dump and load": func(t *testing.T, b *bundle) {
			dumpAndLoad(t, b, func() *store.DB { return open(t, b.clock.Now) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, setup(t, open))
		})
	}
}

func setup(t *testing.T, open func(testing.TB, loam.Clock) *store.DB) *bundle {
	b := &bundle{clock: &Clock{t: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)}}
	b.DB = open(t, b.clock.Now)
	b.SetEnqueue(func(_ context.Context, _ *sql.Tx, j store.Job) error {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.jobs = append(b.jobs, j)
		return nil
	})
	for _, p := range []struct {
		to     *loam.Account
		handle string
		roles  []loam.Role
	}{
		{&b.author, "author", []loam.Role{loam.Creator}},
		{&b.ana, "ana", []loam.Role{loam.Reviewer}},
		{&b.bo, "bo", []loam.Role{loam.Reviewer}},
		{&b.cy, "cy", []loam.Role{loam.Creator}},
	} {
		a, err := b.CreateAccount(t.Context(), loam.Account{Handle: p.handle, Name: p.handle, Roles: p.roles}, "hash")
		must(t, err)
		*p.to = a
	}
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind loam.Kind) {
	t.Helper()
	if err == nil || loam.KindOf(err) != kind {
		t.Fatalf("got error %v, want kind %v", err, kind)
	}
}

func (b *bundle) wantState(t testing.TB, version string, want loam.State) loam.Version {
	t.Helper()
	v, err := b.Version(t.Context(), version)
	must(t, err)
	if v.State != want {
		t.Fatalf("got state %s, want %s", v.State, want)
	}
	return v
}

// work makes a work and submits its first Version.
func (b *bundle) submit(t testing.TB, key string) loam.Version {
	t.Helper()
	work, err := b.CreateWork(t.Context(), b.author.ID, key, loam.Draft{Kind: loam.KindDaily, Idea: key})
	must(t, err)
	return b.freeze(t, work, 1, key)
}

func (b *bundle) freeze(t testing.TB, work string, revision int64, title string) loam.Version {
	t.Helper()
	v, err := b.Submit(t.Context(), loam.Submission{Owner: b.author.ID, Revision: revision, Content: loam.Content{
		Work: work, Kind: loam.KindDaily, Title: title, Body: "正文", TextAI: loam.NotAI, Audience: loam.Public,
		Uses: map[loam.Use]bool{loam.UseIndex: true, loam.UseRecommend: true},
	}})
	must(t, err)
	return v
}

func (b *bundle) verdict(t testing.TB, version string, a loam.Action) {
	t.Helper()
	must(t, b.PutVerdict(t.Context(), version, loam.Verdict{Action: a, Policy: "p", Rules: []loam.RuleHit{{Rule: "r", Action: a, Reason: "fraud"}}}, loam.Traits{}))
}

func (b *bundle) label(t testing.TB, v loam.Version) string {
	t.Helper()
	hash, err := loam.ReleaseHash(v.Hash, nil, "", 0)
	must(t, err)
	must(t, b.PutLabels(t.Context(), v.ID, nil, hash, nil))
	return hash
}

func (b *bundle) confirm(t testing.TB, v loam.Version, hash string) {
	t.Helper()
	_, err := b.Confirm(t.Context(), b.author.ID, v.ID, hash)
	must(t, err)
}

// release brings a new work in front of readers.
func (b *bundle) release(t testing.TB, key string) loam.Version {
	t.Helper()
	v := b.submit(t, key)
	b.verdict(t, v.ID, loam.Allow)
	b.confirm(t, v, b.label(t, v))
	return b.wantState(t, v.ID, loam.Released)
}

// decide leases the open case of a version and rules.
func (b *bundle) decide(t testing.TB, who loam.Account, version string, r loam.Ruling) loam.Decision {
	t.Helper()
	c := b.caseOf(t, who, version)
	c, err := b.Lease(t.Context(), who.ID, c.ID)
	must(t, err)
	d, err := b.Decide(t.Context(), loam.Decision{Case: c.ID, Ruling: r, Reason: "fraud", Reviewer: who.ID}, c.Token)
	must(t, err)
	return d
}

func (b *bundle) caseOf(t testing.TB, who loam.Account, version string) loam.Case {
	t.Helper()
	queue, err := b.Queue(t.Context(), who.ID, 100)
	must(t, err)
	for _, c := range queue {
		if c.Version == version {
			return c
		}
	}
	t.Fatalf("no case of version %s in the queue of %s", version, who.Handle)
	return loam.Case{}
}

func draftRevisions(t *testing.T, b *bundle) {
	ctx := t.Context()
	id, err := b.CreateWork(ctx, b.author.ID, "k", loam.Draft{Idea: "一"})
	must(t, err)
	again, err := b.CreateWork(ctx, b.author.ID, "k", loam.Draft{Idea: "一"})
	must(t, err)
	if id != again {
		t.Fatalf("the same key made a second work")
	}
	_, err = b.CreateWork(ctx, b.author.ID, "k", loam.Draft{Idea: "二"})
	wantKind(t, err, loam.Conflict)
	rev, err := b.SaveDraft(ctx, b.author.ID, id, 1, loam.Draft{Idea: "三"}, loam.ActEdit)
	must(t, err)
	_, err = b.SaveDraft(ctx, b.author.ID, id, 1, loam.Draft{Idea: "四"}, loam.ActEdit)
	wantKind(t, err, loam.Conflict)
	w, err := b.Work(ctx, b.author.ID, id)
	must(t, err)
	if w.Draft.Idea != "三" || w.Revision != rev {
		t.Fatalf("got %q at %d", w.Draft.Idea, w.Revision)
	}
	_, err = b.Work(ctx, b.cy.ID, id)
	wantKind(t, err, loam.NotFound)
	_, err = b.SaveDraft(ctx, b.cy.ID, id, rev, loam.Draft{}, loam.ActEdit)
	wantKind(t, err, loam.NotFound)
	must(t, b.DeleteWork(ctx, b.author.ID, id))
	works, err := b.Works(ctx, b.author.ID, 0, 10)
	must(t, err)
	if len(works) != 0 {
		t.Fatalf("got %d works after deleting", len(works))
	}
}

func submitIdempotent(t *testing.T, b *bundle) {
	v := b.submit(t, "a")
	same := b.freeze(t, v.Work, 1, "a")
	if same.ID != v.ID {
		t.Fatal("submitting the same revision twice made two versions")
	}
	if len(b.jobs) != 2 {
		t.Fatalf("got jobs %v, want one screen and one label", b.jobs)
	}
	_, err := b.Submit(t.Context(), loam.Submission{Owner: b.author.ID, Revision: 7, Content: loam.Content{Work: v.Work}})
	wantKind(t, err, loam.Conflict)
	_, err = b.Submit(t.Context(), loam.Submission{Owner: b.cy.ID, Revision: 1, Content: loam.Content{Work: v.Work}})
	wantKind(t, err, loam.NotFound)
	if want, err := loam.VersionHash(v.Content); err != nil || want != v.Hash {
		t.Fatalf("got hash %s, want %s (%v)", v.Hash, want, err)
	}
}

// gatesInAnyOrder opens the three gates in every order that can happen; only with the
// last one readers see the note.
func gatesInAnyOrder(t *testing.T, b *bundle) {
	for i, order := range []string{"vlc", "lvc", "lcv"} {
		v := b.submit(t, fmt.Sprint(i))
		var hash string
		for j, step := range order {
			b.wantState(t, v.ID, map[bool]loam.State{true: loam.Cleared, false: loam.Submitted}[containsVerdict(order[:j])])
			if _, err := b.ByWork(t.Context(), v.Work); loam.KindOf(err) != loam.NotFound {
				t.Fatalf("order %s: readers see it before step %d: %v", order, j, err)
			}
			switch step {
			case 'v':
				b.verdict(t, v.ID, loam.Allow)
			case 'l':
				hash = b.label(t, v)
			case 'c':
				b.confirm(t, v, hash)
			}
		}
		b.wantState(t, v.ID, loam.Released)
		r, err := b.ByWork(t.Context(), v.Work)
		must(t, err)
		if r.Version.ID != v.ID || r.Author.ID != b.author.ID {
			t.Fatalf("got release of %s by %s", r.Version.ID, r.Author.Handle)
		}
	}
	feed, err := b.Feed(t.Context(), false, loam.Place{}, 2)
	must(t, err)
	rest, err := b.Feed(t.Context(), false, loam.PlaceOf(feed[1]), 2)
	must(t, err)
	if len(feed) != 2 || len(rest) != 1 {
		t.Fatalf("got feed pages of %d and %d, want 2 and 1", len(feed), len(rest))
	}
}

func containsVerdict(done string) bool {
	for _, s := range done {
		if s == 'v' {
			return true
		}
	}
	return false
}

func confirmBinds(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	_, err := b.Confirm(ctx, b.author.ID, v.ID, "")
	wantKind(t, err, loam.Conflict)
	hash := b.label(t, v)
	_, err = b.Confirm(ctx, b.author.ID, v.ID, "other")
	wantKind(t, err, loam.Conflict)
	_, err = b.Confirm(ctx, b.cy.ID, v.ID, hash)
	wantKind(t, err, loam.NotFound)
	b.confirm(t, v, hash)
	b.confirm(t, v, hash)
	b.verdict(t, v.ID, loam.Block)
	b.wantState(t, v.ID, loam.Refused)
	_, err = b.Confirm(ctx, b.author.ID, b.submitRefused(t), "x")
	wantKind(t, err, loam.Conflict)
}

func (b *bundle) submitRefused(t testing.TB) string {
	v := b.submit(t, "refused")
	b.verdict(t, v.ID, loam.Block)
	return v.ID
}

func editWithdraws(t *testing.T, b *bundle) {
	v := b.submit(t, "a")
	hash := b.label(t, v)
	b.confirm(t, v, hash)
	rev, err := b.SaveDraft(t.Context(), b.author.ID, v.Work, 1, loam.Draft{Idea: "x"}, loam.ActEdit)
	must(t, err)
	v2 := b.freeze(t, v.Work, rev, "b")
	b.wantState(t, v.ID, loam.Withdrawn)
	b.verdict(t, v.ID, loam.Allow) // a late job of the old version
	b.wantState(t, v.ID, loam.Withdrawn)
	if v2.ConfirmedAt != 0 || v2.Number != 2 {
		t.Fatalf("the new version is confirmed or misnumbered: %+v", v2)
	}
}

func replaceRelease(t *testing.T, b *bundle) {
	v := b.release(t, "a")
	rev, err := b.SaveDraft(t.Context(), b.author.ID, v.Work, 1, loam.Draft{Idea: "x"}, loam.ActEdit)
	must(t, err)
	v2 := b.freeze(t, v.Work, rev, "b")
	b.wantState(t, v.ID, loam.Released) // readers keep the old until the new is out
	b.verdict(t, v2.ID, loam.Allow)
	b.confirm(t, v2, b.label(t, v2))
	b.wantState(t, v.ID, loam.Withdrawn)
	r, err := b.ByWork(t.Context(), v.Work)
	must(t, err)
	if r.Version.ID != v2.ID {
		t.Fatalf("readers see version %d", r.Version.Number)
	}
	must(t, b.Withdraw(t.Context(), b.author.ID, v2.ID))
	_, err = b.ByWork(t.Context(), v.Work)
	wantKind(t, err, loam.Gone)
}

func usesDefaultNo(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	for _, u := range loam.Uses() {
		got, err := b.May(ctx, v.Work, u)
		must(t, err)
		if want := u == loam.UseIndex || u == loam.UseRecommend; got != want {
			t.Errorf("use %s: got %v, want %v", u, got, want)
		}
	}
	must(t, b.choose(ctx, b.author.ID, v.Work, loam.UseTrainText, true))
	wantKind(t, b.choose(ctx, b.cy.ID, v.Work, loam.UseTrainText, true), loam.NotFound)
	if ok, _ := b.May(ctx, v.Work, loam.UseTrainText); !ok {
		t.Error("a granted use is denied")
	}
	must(t, b.SetNoAI(ctx, b.author.ID, true))
	if ok, _ := b.May(ctx, v.Work, loam.UseTrainText); ok {
		t.Error("the account's AI switch does not deny training")
	}
	if ok, _ := b.May(ctx, v.Work, loam.UseIndex); !ok {
		t.Error("the AI switch took the note out of search")
	}
	must(t, b.choose(ctx, b.author.ID, v.Work, loam.UseRecommend, false))
	feed, err := b.Feed(ctx, false, loam.Place{}, 10)
	must(t, err)
	if len(feed) != 0 {
		t.Error("a note that denies recommend is in the feed")
	}
	if ok, _ := b.May(ctx, "unknown", loam.UseIndex); ok {
		t.Error("an unknown work may be used")
	}
}

// races lets many do the same at once: one wins, the others learn it.
func races(t *testing.T, b *bundle) {
	v := b.submit(t, "a")
	b.verdict(t, v.ID, loam.Review)
	c := b.caseOf(t, b.ana, v.ID)
	var wg sync.WaitGroup
	results := make(chan error, 8)
	for i := range 8 {
		who := b.ana
		if i%2 == 1 {
			who = b.bo
		}
		wg.Go(func() {
			leased, err := b.Lease(context.Background(), who.ID, c.ID)
			if err == nil {
				_, err = b.Decide(context.Background(), loam.Decision{Case: c.ID, Ruling: loam.RuleAllow, Reason: "ok", Reviewer: who.ID}, leased.Token)
			}
			results <- err
		})
	}
	wg.Wait()
	close(results)
	won := 0
	for err := range results {
		if err == nil {
			won++
		} else if k := loam.KindOf(err); k != loam.Conflict && k != loam.Denied {
			t.Errorf("got %v, want a conflict", err)
		}
	}
	if won != 1 {
		t.Fatalf("%d of 8 decided the same case", won)
	}
}

func phrases(t *testing.T, b *bundle) {
	ctx := t.Context()
	list := []loam.Phrase{{Text: "甲", Risk: loam.Fraud, Tier: loam.TierBlock, Source: "s"}, {Text: "乙", Risk: loam.Porn, Tier: loam.TierReview, Source: "s"}}
	for want := range []int{2, 0} {
		n, err := b.AddPhrases(ctx, "op", list)
		must(t, err)
		if n != int64(2-2*want) {
			t.Fatalf("round %d: got %d changed", want, n)
		}
	}
	got, err := b.Phrases(ctx)
	must(t, err)
	if len(got) != 2 {
		t.Fatalf("got %d phrases", len(got))
	}
	must(t, b.RemovePhrase(ctx, got[0].ID))
	wantKind(t, b.RemovePhrase(ctx, got[0].ID), loam.NotFound)
}

func figures(t *testing.T, b *bundle) {
	v := b.release(t, "a")
	must(t, b.Feedback(t.Context(), v.Work, b.author.ID, "smooth"))
	must(t, b.Feedback(t.Context(), v.Work, b.author.ID, "rough"))
	f, err := b.Figures(t.Context())
	must(t, err)
	if f.Accounts != 4 || f.Released != 1 || f.States["released"] != 1 || f.Feedback["rough"] != 1 || f.Feedback["smooth"] != 0 || f.Labels["none"] != 1 {
		t.Fatalf("got %+v", f)
	}
	events, err := b.Events(t.Context(), b.author.ID, false, 0)
	must(t, err)
	if len(events) == 0 {
		t.Fatal("no events for the author")
	}
	if staff, _ := b.Events(t.Context(), b.cy.ID, false, 0); len(staff) != 0 {
		t.Fatalf("a stranger hears %v", staff)
	}
}
