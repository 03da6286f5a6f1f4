/**
 * The results of a study, for people and programs. A {@link Report} holds facts, tables and charts, and becomes text, JSON, CSV and
 * a page that needs no other file; {@link PointChart} and {@link HeatMap} are its charts; {@link Origin} says where the figures
 * come from. The package does not know what is measured.
 */
package sparrow.study.report;
