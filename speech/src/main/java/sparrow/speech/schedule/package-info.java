/** The steps of a flow from noise to mel frames, as a value with a notation: {@link FlowSchedule}. */
package sparrow.speech.schedule;
