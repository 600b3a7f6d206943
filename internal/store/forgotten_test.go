package store_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
)

// TestForgotten: the numbers of a voice are in no file of the database once they were deleted and it
// was closed, not in its free pages either.
func TestForgotten(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	db, err := store.Open(ctx, store.Config{Dir: dir, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	vectors := make([][]float32, 3)
	for i := range vectors {
		for range 256 {
			vectors[i] = append(vectors[i], r.Float32()/8)
		}
	}
	vectors[0][128] = 0.1122334
	who, err := db.CreateAccount(ctx, loam.Account{Handle: "wan", Name: "wan"}, "")
	if err != nil {
		t.Fatal(err)
	}
	proof, err := db.AddProof(ctx, loam.Proof{Owner: who.ID, Name: "a", Digest: "d", Biometric: &loam.Biometric{Kind: loam.BiometricVoice, Model: "m", Vectors: vectors}}, loam.Asset{})
	if err != nil {
		t.Fatal(err)
	}
	holds := func() (in []string) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(data, []byte("0.1122334")) {
				in = append(in, filepath.Base(f))
			}
		}
		return in
	}
	if len(holds()) == 0 {
		t.Fatal("they were never there")
	}
	if err := db.RemoveProof(ctx, who.ID, proof.ID); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if in := holds(); len(in) > 0 {
		t.Errorf("they are still in %s", strings.Join(in, ", "))
	}
}
