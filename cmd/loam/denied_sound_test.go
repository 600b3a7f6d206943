package main

import (
	"slices"
	"testing"

	"loam"
	"loam/internal/media/mediatest"
	"loam/internal/web"
)

// TestDeniedSound: a sound that an upheld notice took down goes to people whoever puts it up again,
// encoded anew; another sound passes, and when the notice is taken back this one does too.
func TestDeniedSound(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	ann, bob, rita := h.person("ann"), h.person("bob"), h.person("rita", loam.Reviewer)
	v := ann.confirm(ann.submit(ann.withSound("录了一段小调，随便听听", "小调", melody(1)), nil))
	visitor := h.visitor()
	var n web.NoticeView
	visitor.must("POST", "/api/notices", noticeOn(h.url+"/p/"+v.Work), &n)
	again := func(who *client, idea string, state loam.State, file string, args ...string) web.VersionView {
		t.Helper()
		got := who.until(who.submit(who.withSound(idea, "晚上的歌", mediatest.Remade(t, melody(1), file, args...)), nil).ID, "settled", settled)
		if got.State != state {
			t.Errorf("%s: %s, want %s", idea, got.State, state)
		}
		return got
	}
	again(bob, "今天也录了一首，弹错了两次", loam.Cleared, "a.mp3", "-c:a", "libmp3lame")
	rita.rules(n.Claims[0].ID, "remove", "infringes")
	held := again(bob, "晚上再录一首，这次没有弹错", loam.Held, "a.ogg", "-ss", "4", "-c:a", "libvorbis")
	again(ann, "换一个标题，再发一次这首歌", loam.Held, "a.flac")
	verdict, err := h.db.Verdict(t.Context(), held.ID)
	if i := slices.IndexFunc(verdict.Findings, func(f loam.Finding) bool { return f.Detector == "sounds" }); err != nil || i < 0 ||
		verdict.Findings[i].Field != loam.SoundField || verdict.Findings[i].Facts["work"] != v.Work || verdict.Findings[i].Facts["denied"] != "copyright" {
		t.Errorf("found are %+v, %v", verdict.Findings, err)
	}
	honest := bob.withSound("自己写的第二首歌，录了一下午", "自己的歌", melody(7))
	if got := bob.until(bob.submit(honest, nil).ID, "settled", settled); got.State != loam.Cleared {
		t.Errorf("another sound is %s", got.State)
	}
	visitor.must("DELETE", "/api/notices/"+n.Number, nil, nil)
	again(bob, "撤回以后，把这首歌放出来", loam.Cleared, "a.m4a", "-c:a", "aac")
}
