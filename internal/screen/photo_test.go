package screen

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/media"
	"loam/internal/text"
)

// hashed is a hash with its low bits as told: two of them are as far apart as those are.
func hashed(low uint64) media.Hash { return media.Hash{low, 1 << 40, 7, 1 << 63} }

func withPhoto() loam.Version {
	v := version()
	v.Content.Assets = []loam.AssetRef{{Field: "picture.1"}, {Field: "picture.2"}}
	return v
}

func TestScreenPictures(t *testing.T) {
	t.Parallel()
	far := media.Hash{^uint64(0), ^uint64(0), 0, 0}
	cases := []struct {
		name   string
		taken  media.PDQ
		action loam.Action
		facts  map[string]string
		own    map[string]string
	}{
		{
			"near",
			media.PDQ{Hash: hashed(0xf), Mirrored: far, Quality: 80},
			loam.Review,
			map[string]string{"picture": "picture.2", "version": "near", "work": "w", "distance": "4", "mirrored": "no"},
			map[string]string{"picture.2": hashed(0xf).String()},
		},
		{
			"mirrored",
			media.PDQ{Hash: far, Mirrored: hashed(1), Quality: 50},
			loam.Review,
			map[string]string{"picture": "picture.2", "version": "near", "work": "w", "distance": "1", "mirrored": "yes"},
			map[string]string{"picture.2": far.String()},
		},
		{
			"at the farthest",
			media.PDQ{Hash: hashed(1<<31 - 1), Mirrored: far, Quality: 80},
			loam.Review,
			map[string]string{"picture": "picture.2", "version": "near", "work": "w", "distance": "31", "mirrored": "no"},
			map[string]string{"picture.2": hashed(1<<31 - 1).String()},
		},
		{"too far", media.PDQ{Hash: hashed(1<<32 - 1), Mirrored: far, Quality: 80}, loam.Allow, nil, map[string]string{"picture.2": hashed(1<<32 - 1).String()}},
		{"too plain", media.PDQ{Hash: hashed(0), Mirrored: far, Quality: 49}, loam.Allow, nil, map[string]string{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.config.Picture = func(context.Context, string) (string, error) { return c.taken.String(), nil }
			b.store.pictures = []loam.PictureHash{
				{Version: "unlike", Owner: "another", Hash: media.Hash{^uint64(7)}.String()},
				{Version: "broken", Hash: "?"},
				{Version: "mine", Owner: "me", Hash: hashed(0).String()},
				{Version: "near", Work: "w", Owner: "another", Field: "picture.2", Hash: hashed(0).String()},
				{Version: "withdrawn", Work: "w1", Owner: "another", Field: "picture.1", Hash: hashed(0).String()},
			}
			b.store.gone = map[string]bool{"withdrawn": true}
			v := withPhoto()
			r, err := New(b.config).Screen(context.Background(), v)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]string
			if len(r.Verdict.Findings) == 1 {
				got = r.Verdict.Findings[0].Facts
			}
			if diff := cmp.Diff(c.facts, got); diff != "" || r.Verdict.Action != c.action {
				t.Errorf("%s: %+v %s", r.Verdict.Action, r.Verdict.Findings, diff)
			}
			// picture.1 is the drawn cover: not compared, not kept.
			if diff := cmp.Diff(c.own, r.Traits.Pictures); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(text.LettersOf(v.Content.Title+"\n"+v.Content.Body).Sketch().Bands(), r.Traits.Bands); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What was released after the memory was filled is found at once, what was taken away since
// no longer.
func TestPicturesFollowTheStore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.config.Picture = func(context.Context, string) (string, error) {
		return media.PDQ{Hash: hashed(0), Mirrored: hashed(1 << 35), Quality: 90}.String(), nil
	}
	s := New(b.config)
	found := func() int {
		r, err := s.Screen(context.Background(), withPhoto())
		if err != nil || len(r.Verdict.Missing) > 0 {
			t.Fatal(err, r.Verdict.Missing)
		}
		return len(r.Verdict.Findings)
	}
	if err := s.Fill(context.Background()); err != nil || found() != 0 {
		t.Fatalf("found before there was one: %v", err)
	}
	b.store.pictures = append(b.store.pictures, loam.PictureHash{Version: "new", Owner: "another", Hash: hashed(3).String()})
	if n := found(); n != 1 {
		t.Errorf("found %d after a release", n)
	}
	b.store.gone = map[string]bool{"new": true}
	if n := found(); n != 0 {
		t.Errorf("found %d after it was withdrawn", n)
	}
}

// A photo whose hash cannot be had is told of, and does not hide that another is a copy.
func TestPicturesBesideABrokenOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := withPhoto()
	last := v.Content.Assets[len(v.Content.Assets)-1]
	last.Field, last.Hash = "picture.3", "broken"
	v.Content.Assets = append(v.Content.Assets, last)
	b.config.Picture = func(_ context.Context, hash string) (string, error) {
		if hash == "broken" {
			return "", errors.New("cannot be read")
		}
		return media.PDQ{Hash: hashed(0), Mirrored: hashed(1 << 35), Quality: 90}.String(), nil
	}
	b.store.pictures = []loam.PictureHash{{Version: "near", Owner: "another", Hash: hashed(0).String()}}
	r, err := New(b.config).Screen(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Verdict.Findings) != 1 || !slices.Equal(r.Verdict.Missing, []string{"pictures"}) {
		t.Errorf("found %v, missing %v", r.Verdict.Findings, r.Verdict.Missing)
	}
}

// A picture like one that an upheld claim removed is found as what the claim is about, its
// uploader's own next one too.
func TestPicturesDenied(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.config.Picture = func(context.Context, string) (string, error) {
		return media.PDQ{Hash: hashed(0), Mirrored: hashed(1 << 35), Quality: 90}.String(), nil
	}
	b.store.pictures = []loam.PictureHash{{Version: "removed", Work: "w", Owner: "me", Field: "picture.1", Hash: hashed(1).String(), Denied: loam.RightLikeness}}
	r, err := New(b.config).Screen(context.Background(), withPhoto())
	if err != nil {
		t.Fatal(err)
	}
	f := r.Verdict.Findings
	if len(f) != 1 || f[0].Risk != loam.Likeness || f[0].Facts["denied"] != "likeness" || r.Verdict.Action != loam.Review {
		t.Errorf("%s: %+v", r.Verdict.Action, f)
	}
}
