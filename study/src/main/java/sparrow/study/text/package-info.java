/** What was meant against what was heard: texts made comparable, and their differences counted in words. */
package sparrow.study.text;
