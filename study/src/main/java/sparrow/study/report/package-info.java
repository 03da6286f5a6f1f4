/** What a study found, for people and programs: tables, charts, pages that need no other file; and where it was found. */
package sparrow.study.report;
