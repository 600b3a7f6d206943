package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

// TestSecretOf: the key that seals labels is the one that signs notes, whatever its base64
// looks like.
func TestSecretOf(t *testing.T) {
	t.Parallel()
	plus := 0
	for range 50 {
		secret, known, err := note.GenerateKey(rand.Reader, "loam/test")
		if err != nil {
			t.Fatal(err)
		}
		plus += strings.Count(secret, "+") - 4
		key, err := secretOf(secret)
		if err != nil {
			t.Fatalf("%s: %v", known, err)
		}
		v, err := note.NewVerifier(known)
		if err != nil || !v.Verify([]byte("words"), ed25519.Sign(key, []byte("words"))) {
			t.Fatalf("%s: another key, %v", known, err)
		}
	}
	if plus == 0 {
		t.Error("no key had a + in its base64")
	}
}
