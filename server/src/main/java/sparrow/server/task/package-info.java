/**
 * OpenAI's transcription and speech routes. {@link sparrow.server.task.TranscriptionsEndpoint} and
 * {@link sparrow.server.task.SpeechEndpoint} use the model for tasks for which it was trained in addition to
 * conversation, in the same pool as the conversations.
 */
package sparrow.server.task;
