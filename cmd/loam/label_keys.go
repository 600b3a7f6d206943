package main

import (
	"cmp"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/store"
)

// labelKeys are what manifests are signed with: the operator's certificate and key, or those
// of a leaf of the installation's own authority, which is renewed before it ends.
type labelKeys struct {
	dir       string
	clock     loam.Clock
	authority *c2pa.Authority // nil with an operator's certificate
	trust     *c2pa.Trust

	mu    sync.Mutex
	chain []*x509.Certificate
	key   crypto.Signer
}

// The files of the keys folder, and the setting that holds the root's certificate: people
// were given it to check by.
const (
	labelRoot     = "label-ca.pem"
	labelRootKey  = "label-ca.key"
	labelLeaf     = "label.pem"
	labelLeafKey  = "label.key"
	labelSetting  = "label.ca"
	labelAuthName = "Loam"
)

// openLabelKeys reads the keys. The very first start makes an authority; a later start
// without it is an error: people trust the root that was shown to them.
func openLabelKeys(ctx context.Context, db *store.DB, c config, clock loam.Clock) (*labelKeys, error) {
	k := &labelKeys{dir: filepath.Join(c.Data, "keys"), clock: clock}
	if c.LabelCert != "" {
		chain, key, err := c.labelPair(k.clock())
		if err != nil {
			return nil, err
		}
		// Whoever else its authority certified is not known here: the certificate itself is trusted.
		k.chain, k.key, k.trust = chain, key, c2pa.NewTrust(chain[0])
		return k, nil
	}
	known, err := db.Setting(ctx, labelSetting)
	if err != nil {
		return nil, err
	}
	k.authority, err = readAuthority(k.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && known == "":
		if k.authority, err = k.found(ctx, db, cmp.Or(c.LabelProducer, labelAuthName)); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, loam.Fail(loam.Unavailable, "key.missing").Because(err)
	case known == "": // the start that made it was cut off
		if err := db.SetSetting(ctx, labelSetting, string(c2pa.EncodeChain(k.authority.Root))); err != nil {
			return nil, err
		}
	case known != string(c2pa.EncodeChain(k.authority.Root)):
		return nil, loam.Fail(loam.Unavailable, "key.missing")
	}
	k.trust = c2pa.NewTrust(k.authority.Root)
	_, err = k.signer()
	return k, err
}

// found makes the authority. Its files are there before the setting says so.
func (k *labelKeys) found(ctx context.Context, db *store.DB, name string) (*c2pa.Authority, error) {
	a, err := c2pa.NewAuthority(rand.Reader, k.clock(), name)
	if err != nil {
		return nil, err
	}
	if err := k.keepPair(labelRoot, labelRootKey, a.Root, a.Key); err != nil {
		return nil, fmt.Errorf("keep key: %w", err)
	}
	return a, db.SetSetting(ctx, labelSetting, string(c2pa.EncodeChain(a.Root)))
}

// keepPair writes the key first: a certificate without its key would look complete.
func (k *labelKeys) keepPair(certFile, keyFile string, cert *x509.Certificate, key crypto.Signer) error {
	pem, err := c2pa.EncodeKey(key)
	if err != nil {
		return err
	}
	if err := keep(filepath.Join(k.dir, keyFile), pem); err != nil {
		return err
	}
	return keep(filepath.Join(k.dir, certFile), c2pa.EncodeChain(cert))
}

func readAuthority(dir string) (*c2pa.Authority, error) {
	chain, key, err := readPair(filepath.Join(dir, labelRoot), filepath.Join(dir, labelRootKey))
	if err != nil {
		return nil, err
	}
	pub, ok := chain[0].PublicKey.(interface{ Equal(x crypto.PublicKey) bool })
	if !ok || !pub.Equal(key.Public()) || !chain[0].IsCA {
		return nil, loam.Fail(loam.Invalid, "label.pair")
	}
	return &c2pa.Authority{Root: chain[0], Key: key}, nil
}

func readPair(certFile, keyFile string) ([]*x509.Certificate, crypto.Signer, error) {
	rawCert, err := os.ReadFile(certFile)
	if err != nil {
		return nil, nil, err
	}
	rawKey, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, nil, err
	}
	chain, err := c2pa.DecodeChain(rawCert)
	if err != nil {
		return nil, nil, err
	}
	key, err := c2pa.DecodeKey(rawKey)
	return chain, key, err
}

// signer is what signs now. An own leaf that is missing, wrong or due is made anew; what an
// operator gave is left as it is.
func (k *labelKeys) signer() (c2pa.Signer, error) {
	if k == nil {
		return c2pa.Signer{}, loam.Fail(loam.Conflict, "key.missing")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.clock()
	if k.authority != nil && (k.chain == nil || c2pa.Due(k.chain[0], now)) {
		if err := k.renew(now); err != nil {
			return c2pa.Signer{}, err
		}
	}
	return c2pa.Signer{Chain: k.chain, Key: k.key, Rand: rand.Reader, Now: now, Trust: k.trust}, nil
}

func (k *labelKeys) renew(now time.Time) error {
	chain, key, err := readPair(filepath.Join(k.dir, labelLeaf), filepath.Join(k.dir, labelLeafKey))
	if err == nil {
		chain = append(chain[:1:1], k.authority.Root)
		if c2pa.CheckPair(chain, key, now) == nil && !c2pa.Due(chain[0], now) {
			k.chain, k.key = chain, key
			return nil
		}
	}
	leaf, key, err := k.authority.Leaf(rand.Reader, now)
	if err != nil {
		return err
	}
	if err := k.keepPair(labelLeaf, labelLeafKey, leaf, key); err != nil {
		return fmt.Errorf("keep key: %w", err)
	}
	k.chain, k.key = []*x509.Certificate{leaf, k.authority.Root}, key
	return nil
}

// labelPair reads the operator's certificate and key, none if they are not given.
func (c *config) labelPair(now time.Time) ([]*x509.Certificate, crypto.Signer, error) {
	if (c.LabelCert == "") != (c.LabelKey == "") {
		return nil, nil, fmt.Errorf("%w: --label-cert and --label-key go together", errUse)
	}
	if c.LabelCert == "" {
		return nil, nil, nil
	}
	chain, key, err := readPair(c.LabelCert, c.LabelKey)
	if err == nil {
		err = c2pa.CheckPair(chain, key, now)
	}
	if err == nil {
		return chain, key, nil
	}
	why := err.Error()
	switch loam.CodeOf(err) {
	case "label.cert":
		why = "the certificate file is not a chain of certificates in PEM"
	case "label.key":
		why = "the key file is not a private key in PEM"
	case "label.pair":
		why = errors.Unwrap(err).Error()
	}
	return nil, nil, fmt.Errorf("%w: --label-cert and --label-key cannot sign content: %s", errUse, why)
}

// labelUntil says what manifests will be signed with, for doctor, which makes nothing. What ends
// within the month and nobody renews by itself is an error.
func (c *config) labelUntil(now time.Time) (string, error) {
	chain, _, err := c.labelPair(now)
	if err != nil {
		return "", err
	}
	if chain == nil {
		return "the installation's own", nil
	}
	said := fmt.Sprintf("%s, until %s", chain[0].Subject.CommonName, chain[0].NotAfter.Format(time.DateOnly))
	if c2pa.Due(chain[0], now) {
		return said, fmt.Errorf("the certificate ends on %s", chain[0].NotAfter.Format(time.DateOnly))
	}
	return said, nil
}
