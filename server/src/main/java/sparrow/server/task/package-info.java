/**
 * OpenAI's transcription and speech routes: {@link sparrow.server.task.TranscriptionsEndpoint} and
 * {@link sparrow.server.task.SpeechEndpoint} run the model, in the pool of the conversations, at a task that it was
 * trained for in addition to conversation.
 */
package sparrow.server.task;
