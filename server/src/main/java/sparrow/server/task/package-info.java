/**
 * OpenAI's transcription and speech routes. {@link sparrow.server.task.TranscriptionsEndpoint} and
 * {@link sparrow.server.task.SpeechEndpoint} use the model for tasks other than conversation, in the same pool as
 * conversations.
 */
package sparrow.server.task;
