/**
 * OpenAI's routes of sound: {@link sparrow.server.task.TranscriptionsEndpoint} and {@link sparrow.server.task.SpeechEndpoint} ask
 * the model at a task that it was trained for beside conversation, in the pool of the conversations.
 */
package sparrow.server.task;
