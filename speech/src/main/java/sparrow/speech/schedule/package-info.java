/** The steps of a flow from noise to mel frames: {@link FlowSchedule}, an immutable value with a notation. */
package sparrow.speech.schedule;
