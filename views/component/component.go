// Package component holds the small parts that pages share.
package component
