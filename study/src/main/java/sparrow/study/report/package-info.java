/**
 * The results of a study, for people and programs. A {@link Report} contains facts, tables and charts, and produces
 * text, JSON, CSV and a self-contained page. {@link PointChart} and {@link HeatMap} are its charts, and {@link Origin}
 * describes the origin of its values. The package does not depend on the measurements.
 */
package sparrow.study.report;
