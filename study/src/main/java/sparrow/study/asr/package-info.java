/** Speech recognisers: what a listener hears in a reply. */
package sparrow.study.asr;
