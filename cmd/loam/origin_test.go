package main

import (
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/web"
)

// TestModelTextStays: a model's words are labelled wherever they go out, and however they
// were brought there: cut up in one save and joined in the next, as the description of a
// picture, in a profile.
func TestModelTextStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	ann.generated(ann.begin("周末去湖边的咖啡馆，人均35，靠窗").ID)

	s := ann.begin("在家做空气炸锅红薯干，180度烤15分钟")
	save := func(change map[string]any) {
		t.Helper()
		change["revision"] = s.Revision
		ann.must("PUT", "/api/works/"+s.ID+"/draft", change, &s)
	}
	var cut strings.Builder
	for _, c := range modelBody {
		cut.WriteString(string(c) + "x")
	}
	save(map[string]any{"body": cut.String()})
	save(map[string]any{"body": modelBody})
	if got := loam.ShareOf(s.Draft.Body); s.TextAI != loam.IsAI || got.Person > 1 {
		t.Errorf("cut up and joined: ai %s, share %+v", s.TextAI, got)
	}

	s = ann.begin("在家做空气炸锅红薯干，180度烤20分钟")
	photo := ann.upload(s.ID, noisyJPEG(t, 320, 240))
	save(map[string]any{
		"pages": []loam.Page{{Kind: loam.PagePhoto, Asset: photo.ID}}, "pictures": []loam.Picture{{Asset: photo.ID, Alt: modelBody[:len("雨点敲在玻璃上，杯子里的热气")]}},
	})
	if s.TextAI != loam.NotAI {
		t.Fatalf("her own words: ai %s", s.TextAI)
	}
	if v := ann.submit(s, nil); v.Content.TextAI != loam.IsAI || !v.Content.Declaration.Locked {
		t.Errorf("a description: %+v", v.Content)
	}

	var me web.Me
	ann.must("PUT", "/api/account", map[string]any{"name": "安安", "bio": modelBody, "no_ai": false}, &me)
	if v, err := h.db.Profile(t.Context(), ann.account.ID); err != nil || v.Content.TextAI != loam.IsAI {
		t.Errorf("a profile: %s, %v", v.Content.TextAI, err)
	}
}

// TestKeyUsedTwice: an idempotency key means one thing; used for another it is refused,
// never answered with what it meant before.
func TestKeyUsedTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	var one, other web.Sheet
	key, call := loam.NewSecret(), loam.NewSecret()
	ann.must("POST", "/api/works", map[string]string{"idea": "今天煮了番茄面"}, &one, "Idempotency-Key", key)
	ann.refused(409, "work.key_used", "POST", "/api/works", map[string]string{"idea": "今天煮了牛肉面"}, "Idempotency-Key", key)
	ann.must("POST", "/api/works", map[string]string{"idea": "今天煮了牛肉面"}, &other, "Idempotency-Key", loam.NewSecret())
	ann.must("POST", "/api/works/"+one.ID+"/generations", nil, nil, "Idempotency-Key", call)
	ann.must("POST", "/api/works/"+one.ID+"/generations", nil, nil, "Idempotency-Key", call)
	ann.refused(409, "generation.key_used", "POST", "/api/works/"+other.ID+"/generations", nil, "Idempotency-Key", call)
}

// TestNobodyIsImpersonated: a handle that would speak for the community is not to be had.
func TestNobodyIsImpersonated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.visitor().refused(409, "handle.taken", "POST", "/api/accounts", map[string]string{"handle": "Admin", "name": "管理员", "password": password})
	h.visitor().refused(422, "name.invalid", "POST", "/api/accounts", map[string]string{"handle": "blank", "name": "\u3164", "password": password})
}

// TestTurnedText: a note whose words turn the direction or pile up marks does not go out so;
// one press mends it.
func TestTurnedText(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天煮了番茄面，放了两个番茄")
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "好\u202e反转标题", "body": "番茄面" + strings.Repeat("\u0351", 20)}, &s)
	var found []string
	for _, c := range s.Checks {
		if c.Rule == "unshowable" {
			found = append(found, c.Field)
		}
	}
	if !slices.Equal(found, []string{"page.1", "title", "body"}) { // the cover shows the title
		t.Errorf("checks: %+v", s.Checks)
	}
	if a := ann.do("POST", "/api/works/"+s.ID+"/submit", loam.Choice{Revision: s.Revision, Audience: loam.Public}); a.status != 422 {
		t.Errorf("it goes out: %d", a.status)
	}
	ann.must("POST", "/api/works/"+s.ID+"/mend", map[string]any{"revision": s.Revision}, &s)
	if got := loam.Plain(s.Draft.Title); got != "好反转标题" {
		t.Errorf("mended: %q", got)
	}
}
