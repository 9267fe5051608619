// Package org knows the administrative units: a tree of province, communes and
// hamlets (two tiers of government since 1 July 2025, no districts), with
// agencies beside them, official codes and validity dates.
//
// It must never know people: who holds a role where is identity's business.
package org

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Kind is what sort of unit a unit is.
type Kind string

// The kinds of unit. Agency covers departments (sở, ban) and offices (UBND xã).
const (
	Province Kind = "province"
	District Kind = "district" // ended on 1 July 2025
	Commune  Kind = "commune"
	Hamlet   Kind = "hamlet"
	Agency   Kind = "agency"
)

// Unit is one administrative unit during one period. Official codes are text
// with leading zeros and are reused after mergers, so a unit is known by
// (Code, ValidFrom); among units valid today the code alone is unique.
type Unit struct {
	bun.BaseModel `bun:"table:units,alias:u"`

	ID        uuid.UUID  `bun:",pk,type:uuid"`
	Code      string     // "20242" for a commune, "20242-03" for a hamlet of it
	Name      string     // with its kind: "Phường Hải Châu"
	Kind      Kind       //
	ParentID  *uuid.UUID `bun:",type:uuid"` // nil for a province
	ValidFrom time.Time  `bun:",type:date"`
	ValidTo   *time.Time `bun:",type:date"` // first day it no longer stood; nil while it stands
	Search    string     // the name folded, see Fold; Add fills it in
}
