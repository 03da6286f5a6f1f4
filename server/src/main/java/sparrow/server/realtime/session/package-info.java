/**
 * A session of the Realtime protocol, without a socket or a thread.
 * {@link sparrow.server.realtime.session.RealtimeSession} receives events of the client, results of the model and the
 * time, and sends events to a {@link sparrow.server.realtime.event.Client}. The conversation is a {@code History} of
 * items; {@code Context} converts them to a {@link sparrow.models.chat.ChatHistory} that fits into the model's context.
 */
package sparrow.server.realtime.session;
