create table fine (id text);
--> statement-breakpoint
create table broken (id nosuchtype);
