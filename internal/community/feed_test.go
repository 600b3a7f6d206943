package community

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loam"
	"loam/internal/text"
)

// shelf is the two lists the feed is made of, and a setting; the rest is not asked.
type shelf struct {
	Store
	human, made []loam.Release
	setting     string
}

func (s *shelf) Setting(context.Context, string) (string, error) { return s.setting, nil }

func (s *shelf) SetSetting(_ context.Context, _, value string) error {
	s.setting = value
	return nil
}

func (s *shelf) Feed(_ context.Context, made bool, from loam.Place, limit int) ([]loam.Release, error) {
	list := s.human
	if made {
		list = s.made
	}
	if from.At > 0 {
		i := slices.IndexFunc(list, func(r loam.Release) bool {
			return r.ReleasedAt < from.At || r.ReleasedAt == from.At && r.Version.ID < from.Version
		})
		if i < 0 {
			return nil, nil
		}
		list = list[i:]
	}
	return list[:min(limit, len(list))], nil
}

func (s *shelf) add(at int64, ai loam.AIState) {
	r := loam.Release{ReleasedAt: at, Version: loam.Version{ID: fmt.Sprintf("v%06d", len(s.human)+len(s.made)), Content: loam.Content{TextAI: ai}}}
	if modelMade(r) {
		s.made = append(s.made, r)
	} else {
		s.human = append(s.human, r)
	}
}

// TestFeedHoldsTheShare: whatever was published in whatever order, and whatever the
// operator's share, no page and no pages in a row hold more model-made notes than it; every
// human-made note comes exactly once and in its order, and no note twice.
func TestFeedHoldsTheShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &shelf{}
		n := rapid.IntRange(0, 220).Draw(t, "notes")
		at := int64(1_000_000)
		for range n {
			at -= rapid.Int64Range(0, 3).Draw(t, "pause")
			s.add(at, rapid.SampledFrom([]loam.AIState{loam.NotAI, loam.IsAI, loam.MayAI, loam.SuspectedAI, loam.IsAI, loam.IsAI}).Draw(t, "ai"))
		}
		for _, list := range [][]loam.Release{s.human, s.made} { // ids break ties from new to old
			slices.SortFunc(list, func(a, b loam.Release) int {
				if newer(a, b) {
					return -1
				}
				return 1
			})
		}
		q := Square{Store: s}
		share := rapid.IntRange(0, 100).Draw(t, "share")
		if err := q.SetShare(t.Context(), share); err != nil {
			t.Fatal(err)
		}
		var pages [][]loam.Release
		for cursor := (Cursor{}); ; {
			page, next, err := q.Feed(t.Context(), cursor)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, page)
			if next == nil {
				break
			}
			if len(page) != Page {
				t.Fatalf("a page of %d is not the last", len(page))
			}
			cursor = *next
			if len(pages) > n+2 {
				t.Fatal("the feed does not end")
			}
		}
		seen := map[string]bool{}
		var human []string
		for i := range pages {
			made, all := 0, 0
			for _, page := range pages[i:] { // every window that begins here
				for _, r := range page {
					all++
					if modelMade(r) {
						made++
					}
				}
				if made*100 > share*all {
					t.Fatalf("%d of %d are model-made, more than %d %%", made, all, share)
				}
			}
			for _, r := range pages[i] {
				if seen[r.Version.ID] {
					t.Fatalf("%s comes twice", r.Version.ID)
				}
				seen[r.Version.ID] = true
				if !modelMade(r) {
					human = append(human, r.Version.ID)
				}
			}
		}
		want := []string{}
		for _, r := range s.human {
			want = append(want, r.Version.ID)
		}
		if !slices.Equal(human, want) && len(human)+len(want) > 0 {
			t.Fatalf("human-made notes %v, want %v", human, want)
		}
		if share == 100 && len(seen) != n {
			t.Fatalf("%d of %d notes come with nothing held back", len(seen), n)
		}
	})
}

// TestFeedIsNewestFirst: a feed without model-made notes, or with room for all of them, is
// the notes from new to old.
func TestFeedIsNewestFirst(t *testing.T) {
	t.Parallel()
	s := &shelf{setting: "100"}
	for i := range 60 {
		s.add(int64(1000-i), []loam.AIState{loam.NotAI, loam.IsAI}[i%2])
	}
	q := Square{Store: s}
	last, n := int64(1<<62), 0
	for cursor := (Cursor{}); ; {
		page, next, err := q.Feed(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			if r.ReleasedAt > last {
				t.Fatalf("%d after %d", r.ReleasedAt, last)
			}
			last = r.ReleasedAt
			n++
		}
		if next == nil {
			break
		}
		cursor = *next
	}
	if n != 60 {
		t.Errorf("got %d notes, want 60", n)
	}
	if err := q.SetShare(t.Context(), 101); loam.CodeOf(err) != "feed.share" {
		t.Errorf("101 %%: %v", err)
	}
}

// TestCounter: who is counted, and once in half an hour.
func TestCounter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	c := NewCounter(func() time.Time { return now })
	v := Visit{Work: "w", Address: "10.0.0.1", Agent: "Mozilla/5.0 Firefox", Source: loam.FromFeed}
	see := func(want bool, change func(*Visit)) {
		t.Helper()
		w := v
		if change != nil {
			change(&w)
		}
		if got := c.See(w); got != want {
			t.Errorf("%+v: counted %v, want %v", w, got, want)
		}
	}
	see(true, nil)
	see(false, nil)
	see(false, func(v *Visit) { v.Source = loam.FromSearch })
	see(true, func(v *Visit) { v.Work = "w2" })
	see(true, func(v *Visit) { v.Address = "10.0.0.2" })
	see(false, func(v *Visit) { v.Address, v.Owner = "10.0.0.3", true })
	for _, agent := range []string{"", "Googlebot/2.1", "curl/8", "python-requests/2", "HeadlessChrome/1", "Go-http-client/1.1"} {
		see(false, func(v *Visit) { v.Address, v.Agent = "10.0.0.4", agent })
	}
	now = now.Add(29 * time.Minute)
	see(false, nil)
	now = now.Add(2 * time.Minute)
	see(true, nil)
	var total int64
	for _, v := range c.take() {
		total += v.Count
	}
	if total != 4 {
		t.Errorf("took %d, want 4", total)
	}
	if len(c.take()) != 0 {
		t.Error("taken twice")
	}
	c.giveBack([]loam.Views{{Work: "w", Day: "2026-01-01", Source: loam.FromFeed, Count: 7}})
	if list := c.take(); len(list) != 1 || list[0].Count != 7 {
		t.Errorf("given back: %+v", list)
	}
	now = now.Add(31 * time.Minute)
	c.take()
	if len(c.seen) != 0 {
		t.Errorf("%d readers are remembered after half an hour", len(c.seen))
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	notes := []loam.Tally{{Views: 10, Likes: 1}, {Views: 30}, {Views: 20}, {Views: 100}}
	if m := median(notes); m.Notes != 4 || !m.Enough || m.Views != 25 || m.Likes != 0 {
		t.Errorf("got %+v", m)
	}
	if m := median(notes[:2]); m.Enough || m.Views != 20 {
		t.Errorf("of two: %+v", m)
	}
	if m := median(nil); m.Enough || m.Notes != 0 || m.Views != 0 {
		t.Errorf("of none: %+v", m)
	}
}

func TestWorn(t *testing.T) {
	t.Parallel()
	titles := []string{"谁懂啊，咖啡馆也太好看了", "谁懂啊，面包店也太好看了", "谁懂啊，公园也太好看了"}
	if n := worn(titles); n != 3 {
		t.Errorf("got %d of 3: %q", n, text.Skeleton(titles[0]))
	}
	if n := worn([]string{"周末", "面包", "栗子", "旧书"}); n != 0 {
		t.Errorf("titles of one word have no structure to wear out: %d", n)
	}
	many := slices.Clone(titles)
	for i := range 200 {
		many = append(many, fmt.Sprint("第", i, "天", i%7))
	}
	if n := worn(titles[:2]); n != 0 {
		t.Errorf("twice is not worn: %d", n)
	}
	if n := worn(many); n < 200 {
		t.Errorf("got %d of 203", n)
	}
}

func TestSnippet(t *testing.T) {
	t.Parallel()
	body := "早上出门的时候下着小雨，路上没有什么人，走了二十分钟才到。\n那家咖啡馆在湖边，拿铁好喝，窗边能看到整个湖面，坐一下午也不催，还有一只猫睡在柜台上，老板说它每天都来，已经三年了，邻居都认识它。"
	pieces := snippet(text.Highlight(body, text.Query("咖啡")))
	var all string
	hit := false
	for _, p := range pieces {
		all += p.Text
		hit = hit || p.Hit
	}
	if n := len([]rune(all)); !hit || n > excerpt+lead || n < 30 {
		t.Errorf("got %q", all)
	}
	if got := snippet(text.Highlight("短", text.Query("咖啡"))); len(got) != 1 || got[0].Text != "短" {
		t.Errorf("without a hit: %+v", got)
	}
	if got := snippet(nil); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}
