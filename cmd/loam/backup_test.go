package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"loam/internal/web"
)

// loamRun runs one command line in this process.
func loamRun(t testing.TB, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(&app{ctx: t.Context(), in: bytes.NewReader(nil), out: &stdout, err: &stderr, getenv: os.Getenv}, args)
	return code, stdout.String(), stderr.String()
}

// TestBackupWhilePublishing backs a running community up, restores it elsewhere, and finds
// every note that was public when the backup began, bytes and all.
func TestBackupWhilePublishing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	want := map[string][]byte{}
	for i := range 3 {
		v := ann.publish(words(fmt.Sprint("before", i)), nil)
		want[v.Work] = h.visitor().must("GET", "/p/"+v.Work+"/1", nil, nil).body
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	bo := h.person("bo")
	wg.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			bo.publish(words(fmt.Sprint("during", i)), nil)
		}
	})
	file := filepath.Join(t.TempDir(), "loam.backup")
	code, out, errs := loamRun(t, "backup", "--data", h.config.Data, file)
	cancel()
	wg.Wait()
	if code != 0 {
		t.Fatalf("backup: exit %d %s %s", code, out, errs)
	}
	into := t.TempDir()
	if code, out, errs = loamRun(t, "restore", "--data", into, file); code != 0 {
		t.Fatalf("restore: exit %d %s %s", code, out, errs)
	}
	if code, _, _ := loamRun(t, "restore", "--data", into, file); code != 1 {
		t.Errorf("restoring over a community: exit %d, want 1", code)
	}
	again := newHouse(t, func(c *config) { c.Data = into })
	for work, cover := range want {
		again.visitor().must("GET", "/p/"+work, nil, nil)
		if got := again.visitor().must("GET", "/p/"+work+"/1", nil, nil).body; !bytes.Equal(got, cover) {
			t.Errorf("the cover of %s changed", work)
		}
	}
	back := again.visitor()
	back.must("POST", "/api/session", map[string]string{"handle": "ann", "password": password}, nil)
	var list []web.WorkLine
	back.must("GET", "/api/works", nil, &list)
	if len(list) != len(want) {
		t.Errorf("got %d works, want %d", len(list), len(want))
	}
	back.publish("恢复以后又去了一次湖边，看见两只白鹭", nil)
}

// TestDamagedBackup: a cut or changed archive restores nothing.
func TestDamagedBackup(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.person("ann").publish("要备份的一篇，写了两行", nil)
	file := filepath.Join(t.TempDir(), "loam.backup")
	if code, _, errs := loamRun(t, "backup", "--data", h.config.Data, file); code != 0 {
		t.Fatal(errs)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"cut": whole[:len(whole)*2/3], "empty": {}, "changed": append(bytes.Clone(whole[:len(whole)/2]), append([]byte{whole[len(whole)/2] ^ 1}, whole[len(whole)/2+1:]...)...),
	} {
		bad := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			t.Fatal(err)
		}
		into := filepath.Join(t.TempDir(), "data")
		if code, _, errs := loamRun(t, "restore", "--data", into, bad); code != 1 || exists(filepath.Join(into, "loam.db")) {
			t.Errorf("%s: exit %d %s", name, code, errs)
		}
	}
}
