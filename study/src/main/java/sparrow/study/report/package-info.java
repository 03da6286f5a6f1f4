/**
 * What a study found, for people and programs. {@link Table} is text, HTML and CSV; {@link PointChart} and {@link
 * HeatMap} are charts; {@link HtmlPage} is a page that needs no other file; {@link Mean} comes with its standard error;
 * {@link Origin} says where the figures come from. The package does not know what is measured.
 */
package sparrow.study.report;
