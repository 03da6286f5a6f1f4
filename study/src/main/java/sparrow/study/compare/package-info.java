/**
 * SPAR-K beside other exit policies on one model: the paper's main table (Table 2). Every policy answers every question; replies
 * are kept, heard, judged and timed, each step item by item, and summed up at the end.
 */
package sparrow.study.compare;
