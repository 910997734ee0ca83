/** Tests of the server, from pure tables to raw sockets. */
@NullMarked
package pgha.rest.server;

import org.jspecify.annotations.NullMarked;
