/**
 * What travels between client and server in OpenAI's Realtime protocol: {@link sparrow.server.realtime.event.ClientEvent events of the
 * client}, {@link sparrow.server.realtime.event.ServerEvent events of the server}, the {@link sparrow.server.realtime.event.Item items} of
 * a conversation and the {@link sparrow.server.realtime.event.SessionConfig settings} of a session.
 */
package sparrow.server.realtime.event;
