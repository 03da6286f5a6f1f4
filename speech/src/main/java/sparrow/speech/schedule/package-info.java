/** Flow steps from noise to mel frames: {@link FlowSchedule} is immutable and has a text notation. */
package sparrow.speech.schedule;
