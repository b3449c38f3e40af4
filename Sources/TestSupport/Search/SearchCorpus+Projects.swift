// Name | summary | keywords | classifiers | more of the description.

extension SearchCorpus {
    static let lines: [String] = text.split(separator: "\n").map(String.init)

    private static let text = """
        requests | HTTP for people, with sessions, cookies and uploads | http, client | web apache stable
        urllib3 | HTTP client with connection pools and thread safety | http, pooling | web mit stable
        httpx | The next HTTP client, synchronous and asynchronous | http, async | web bsd beta asyncio
        aiohttp | Asynchronous HTTP client and server for asyncio | http, asyncio | web apache stable asyncio
        httpcore | A minimal low-level HTTP transport | http | web bsd beta
        requests-oauthlib | OAuthlib authentication for Requests | oauth, login | web bsd stable
        requests-toolbelt | Utilities to go with Requests: multipart uploads, adapters | http, multipart | web apache stable
        requests-cache | A persistent cache for the responses of Requests | http, cache | web bsd stable
        types-requests | Typing stubs for requests | typing, stubs | apache stable
        responses | Mock answers of the Requests library in tests | mock, testing | test apache stable
        numpy | Fundamental package for array computing | array, matrix | sci bsd stable
        scipy | Algorithms for scientific computing: optimization, integration, statistics | science | sci math bsd stable
        pandas | Data frames for analysis, time series and statistics | dataframe, csv | sci bsd stable
        polars | Blazing data frames written in Rust | dataframe, arrow | sci mit stable
        matplotlib | Plotting of figures in two dimensions | plot, chart | vis stable
        seaborn | Statistical data visualization | plot, statistics | vis bsd stable
        plotly | Interactive charts for the browser | plot, chart, graph | vis mit stable
        bokeh | Interactive plots and applications in the browser | plot, dashboard | vis bsd stable
        altair | Declarative statistical visualization in a grammar of graphics | vega, chart | vis bsd stable
        scikit-learn | Machine learning: classification, regression and clustering | ai, learning | sci ai bsd stable
        scikit-image | Image processing algorithms | filters, segmentation | img sci bsd stable
        tensorflow | Machine learning framework for everybody | neural, deep learning | ai apache stable
        keras | Deep learning for humans | neural network | ai apache stable
        torch | Tensors and dynamic neural networks with strong GPU acceleration | deep learning, autograd | ai bsd stable
        torchvision | Image and video datasets and models for torch | vision | ai bsd stable
        pytorch-lightning | Lightweight wrapper that takes boilerplate out of training | training, deep learning | ai apache stable
        transformers | State of the art models for natural language, vision and audio | nlp, bert, gpt | ai apache stable
        tokenizers | Fast tokenizers for language models | nlp, bpe | ai apache stable
        datasets | Community datasets for machine learning | data, corpus | ai apache stable
        xgboost | Gradient boosting, distributed and fast | trees, boosting | ai apache stable
        lightgbm | Gradient boosting with histograms, light in memory | trees, boosting | ai mit stable
        catboost | Gradient boosting on decision trees with categorical features | trees | ai apache stable
        statsmodels | Statistical models, tests and estimation | econometrics, regression | sci bsd stable
        sympy | Computer algebra system | symbolic, algebra | math bsd stable
        networkx | Creating and studying graphs and networks | graph theory | math bsd stable
        numba | Compiles array code with LLVM just in time | jit, compiler | sci bsd stable
        Cython | The compiler for writing C extensions | c, compiler | build apache stable
        cffi | Foreign function interface for calling C code | c, ffi | mit stable
        pybind11 | Seamless operability between C++11 and Python | c++, bindings | build bsd stable
        dask | Parallel computing with task scheduling | parallel, cluster | sci bsd stable
        distributed | Distributed scheduler for Dask | cluster | sci bsd stable
        ray | Scales machine learning workloads over clusters | distributed, actor | ai apache stable
        joblib | Lightweight pipelines: memoization and parallel loops | parallel, cache | bsd stable
        pyarrow | Columnar memory format, bindings to Apache Arrow | parquet, columnar | db apache stable
        h5py | Read and write HDF5 files | hdf5, storage | sci bsd stable
        xarray | Labeled arrays and datasets in many dimensions | netcdf | sci apache stable
        zarr | Chunked, compressed arrays in many dimensions | storage, array | sci mit stable
        opencv-python | Wrapper package for OpenCV, computer vision | vision, camera | img apache stable
        Pillow | Imaging library: open, change and save pictures | image, png, jpeg | img stable
        imageio | Reading and writing images, volumes and animated pictures | image, video | img bsd stable
        moviepy | Video editing: cuts, titles and effects | video, gif | img mit stable
        pydub | Manipulate audio with a simple interface | audio, mp3 | sound mit stable
        librosa | Music and audio analysis | audio, spectrogram | sound stable
        Django | A high-level web framework for perfectionists with deadlines | web, orm | web django bsd stable
        djangorestframework | Web APIs for Django, made easy | rest, api | django django4 web bsd stable
        django-filter | Filter querysets dynamically from URL parameters | filter | django django4 bsd stable
        django-cors-headers | Handles the headers needed for cross-origin requests | cors, middleware | django django4 mit stable
        django-debug-toolbar | Panels that show debug information about the current request | debug, sql | django django4 bsd stable
        django-allauth | Authentication, registration and social accounts | login, oauth | django django4 mit stable
        django-storages | Storage backends for S3, Azure and others | s3, storage | django bsd stable
        django-environ | Configures Django with environment variables | settings, dotenv | django mit stable
        django-crispy-forms | Elegant forms without repeating yourself | forms, bootstrap | django mit stable
        django-redis | Full featured cache backend on Redis | redis, cache | django bsd stable
        django-celery-beat | Periodic tasks kept in the database | cron, schedule | django bsd stable
        django-extensions | Extra management commands | commands, shell | django mit stable
        django-import-export | Import and export data through the admin | csv, excel | django bsd stable
        django-guardian | Permissions for each object | permission | django bsd stable
        django-mptt | Trees kept in tables, by modified preorder traversal | tree | django mit stable
        django-taggit | Tagging, simple and reusable | tags | django bsd stable
        wagtail | A content management system focused on flexibility | cms | django web bsd stable
        django-cms | Enterprise content management | cms, pages | django web bsd stable
        Flask | A simple framework for building complex web applications | web, wsgi | web wsgi flask bsd stable
        Flask-SQLAlchemy | Adds SQLAlchemy support to your Flask application | orm, sql | flask db bsd stable
        Flask-Login | User session management | login, session | flask web mit beta
        Flask-WTF | Form rendering, validation and CSRF protection | forms, csrf | flask bsd stable
        Flask-Migrate | Database migrations with Alembic | alembic | flask db mit stable
        Flask-Cors | A decorator for cross origin resource sharing | cors | flask mit stable
        Flask-RESTful | Quickly builds REST interfaces | rest, api | flask bsd beta
        Werkzeug | The comprehensive WSGI utility library | wsgi, routing | web wsgi bsd stable
        Jinja2 | A very fast and expressive template engine | template | text bsd stable
        MarkupSafe | Escapes text so that it is safe in HTML and XML | escape, html | web bsd stable
        itsdangerous | Signs data so that it can travel through hands that are not trusted | signing, token | sec bsd stable
        click | Composable command line interfaces | cli, arguments | console bsd stable
        typer | Builds command line programs from type hints | cli, typing | console mit stable
        fire | Generates command line interfaces from any object | cli | console apache stable
        docopt | Command line arguments parsed from their own help text | cli, argparse | console mit stable
        colorama | Colored terminal text that also works on Windows | ansi, terminal | console win bsd stable
        rich | Renders tables, progress bars, markdown and colors in the terminal | terminal, color | console mit stable
        textual | Text user interfaces in the terminal | tui | console mit stable
        tqdm | A fast, extensible progress bar | progressbar, progressmeter | console mit stable
        prompt-toolkit | Interactive command lines with completion | readline, shell | console bsd stable
        fastapi | Web framework for APIs with type hints, high performance | api, openapi, swagger | web mit beta asyncio
        starlette | The little ASGI toolkit that shines | asgi | web bsd beta asyncio
        uvicorn | The lightning-fast ASGI server | asgi, server | web bsd stable asyncio
        gunicorn | WSGI server for Unix with workers | wsgi, server | web wsgi mit stable
        hypercorn | ASGI server with HTTP/2 and HTTP/3 | asgi, quic | web mit beta
        waitress | Production WSGI server in pure Python | wsgi, server | web wsgi stable
        uWSGI | The server of everything that speaks its own protocol | wsgi, server | web wsgi gpl stable
        tornado | Web framework and asynchronous networking library | async, websocket | web apache stable
        sanic | Web server and framework written to go fast | async, api | web mit stable
        bottle | Micro framework in one file | web, micro | web mit stable
        falcon | Minimalist framework for fast and reliable APIs | rest, api | web apache stable
        pyramid | Starts small, finishes big: a framework for the web | web | web stable
        CherryPy | Object-oriented HTTP framework | web, wsgi | web bsd stable
        Twisted | Event-driven networking engine | network, event loop | mit stable
        gevent | Networking on coroutines with greenlets | coroutine, libev | mit stable
        eventlet | Highly concurrent networking library | coroutine | mit beta
        trio | A friendly library for structured concurrency | async, io | asyncio mit beta
        anyio | Asynchronous networking on top of asyncio or Trio | async | asyncio mit stable
        uvloop | Fast event loop on libuv | asyncio, libuv | asyncio mit beta
        websockets | Implementation of the WebSocket protocol | websocket | web bsd stable
        websocket-client | WebSocket client with low level options | websocket | web apache stable
        grpcio | Remote procedure calls over HTTP/2 | rpc, protobuf | web apache stable
        protobuf | Protocol buffers: data interchange format | serialization | bsd stable
        thrift | Bindings for the Apache Thrift RPC system | rpc | apache stable
        pyzmq | Bindings for ZeroMQ messaging | zmq, sockets | bsd stable
        celery | Distributed task queue | tasks, queue, worker | sys bsd stable
        kombu | Messaging library with AMQP | amqp, rabbitmq | sys bsd stable
        pika | Client for RabbitMQ | amqp, queue | bsd stable
        rq | Simple job queues on Redis | jobs, worker | bsd stable
        dramatiq | Background tasks, fast and reliable | tasks, queue | stable
        huey | A little task queue | tasks, redis | mit stable
        APScheduler | Schedules functions to run later, or again and again | cron, schedule | mit stable
        schedule | Job scheduling with a friendly syntax | cron, periodic | mit stable
        redis | Client for the Redis key-value store | key-value, cache | db mit stable
        hiredis | Wrapper for the hiredis parser | redis | db mit stable
        pymemcache | A comprehensive client for memcached | memcached, cache | db apache stable
        pymongo | Driver for MongoDB | mongo, nosql | db apache stable
        motor | Asynchronous driver for MongoDB | mongo, asyncio | db apache stable asyncio
        mongoengine | Object document mapper for MongoDB | mongo, odm | db mit stable
        psycopg2 | PostgreSQL database adapter | postgres, libpq | db dbfront stable
        psycopg2-binary | PostgreSQL database adapter, compiled and ready | postgres | db dbfront stable
        psycopg | PostgreSQL database adapter, the third generation | postgres | db dbfront beta
        asyncpg | Asynchronous PostgreSQL client, fast | postgres | db apache stable asyncio
        PyMySQL | MySQL driver in pure Python | mysql, mariadb | db mit stable
        mysqlclient | Interface to MySQL by its C library | mysql | db gpl stable
        mysql-connector-python | MySQL driver, self-contained | mysql | db gpl stable
        aiosqlite | Asynchronous bridge to SQLite | sqlite | db mit stable asyncio
        SQLAlchemy | Database abstraction library and object relational mapper | orm, sql | db dbfront mit stable
        alembic | Migration tool for SQLAlchemy databases | migration, schema | db dbfront mit stable
        peewee | A little ORM | orm, sqlite | db mit stable
        tortoise-orm | Easy asynchronous object relational mapper | orm, asyncio | db apache beta asyncio
        sqlmodel | SQL databases designed for simplicity with type hints | orm, sql | db mit beta
        duckdb | Embedded analytical SQL database | olap, sql | db mit stable
        elasticsearch | Client for Elasticsearch | search, lucene | db apache stable
        opensearch-py | Client for OpenSearch | search, index | db apache stable
        neo4j | Driver for the Neo4j graph database | graph, cypher | db apache stable
        cassandra-driver | Driver for Apache Cassandra | cql | db apache stable
        clickhouse-driver | Driver with native interface for ClickHouse | olap | db mit beta
        influxdb-client | Client for InfluxDB time series | metrics | db mit stable
        boto3 | The Amazon Web Services software development kit | aws, s3, ec2 | apache stable
        botocore | Low-level, data-driven core of boto3 | aws | apache stable
        s3transfer | An Amazon S3 transfer manager | aws, s3 | apache beta
        s3fs | Convenient filesystem interface over S3 | s3, filesystem | bsd stable
        awscli | Universal command line environment for Amazon Web Services | aws, cli | console apache stable
        aiobotocore | Asynchronous client for Amazon services | aws, asyncio | apache beta asyncio
        google-cloud-storage | Client for objects in Google's cloud | gcs, bucket | apache stable
        google-cloud-bigquery | Client for the BigQuery warehouse | bigquery, sql | db apache stable
        google-auth | Authentication for Google services | oauth, credentials | sec apache stable
        google-api-python-client | Client for Google's discovery-based services | google | apache stable
        azure-storage-blob | Blob storage client for Azure | azure, blob | mit stable
        azure-identity | Credentials of Azure Active Directory | azure, login | sec mit stable
        apache-airflow | Author, schedule and monitor workflows | workflow, dag | admin apache stable
        prefect | Workflow orchestration and management | workflow, dag | apache stable
        luigi | Workflow management for batch jobs | pipeline, hadoop | apache stable
        dagster | Orchestration platform for data assets | data, workflow | apache stable
        pyspark | Interface to Apache Spark | spark, cluster | apache stable
        kafka-python | Client for Apache Kafka | kafka, streaming | apache stable
        confluent-kafka | Confluent's client for Kafka | kafka | apache stable
        mlflow | Tracks experiments and deploys models | experiments, model registry | ai apache stable
        wandb | Tracks and visualizes machine learning experiments | experiments, logging | ai mit stable
        optuna | Framework for hyperparameter optimization | tuning | ai mit stable
        hyperopt | Distributed hyperparameter optimization | tuning | ai bsd beta
        spacy | Industrial-strength natural language processing | nlp, parser | ai text mit stable
        nltk | Natural Language Toolkit | nlp, corpora, stemming | text apache stable
        gensim | Topic modelling and similarity of documents | word2vec, lda | text stable
        textblob | Simple processing of textual data: sentiment, noun phrases | nlp, sentiment | text mit beta
        sentence-transformers | Embeddings of sentences and pictures | embedding, similarity | ai apache beta
        openai | Client for the OpenAI programming interface | gpt, llm | ai apache stable
        langchain | Applications with large language models through composability | llm, agents | ai mit beta
        beautifulsoup4 | Screen-scraping library that tolerates broken HTML | html, parser, scraping | web xml mit stable
        lxml | Processing of XML and HTML with libxml2 and libxslt | xml, xpath | xml bsd stable
        html5lib | HTML parser that follows the WHATWG specification | html, parser | xml mit stable
        cssselect | Translates CSS selectors to XPath | css, xpath | xml bsd stable
        Scrapy | A high-level framework for crawling and scraping the web | crawler, spider | web bsd stable
        selenium | Drives web browsers for tests and automation | browser, webdriver | test apache stable
        playwright | A high-level interface to automate browsers | browser, e2e | test apache stable
        mechanize | Stateful programmatic browsing | browser, forms | web bsd stable
        feedparser | Parses RSS and Atom feeds | rss, atom | xml bsd stable
        xmltodict | Makes working with XML feel like JSON | xml, json | xml mit stable
        defusedxml | Protects against XML bombs and other attacks | xml, security | xml sec stable
        PyYAML | YAML parser and emitter | yaml, config | text mit stable
        ruamel.yaml | YAML that keeps comments and order in a round trip | yaml, comments | text mit stable
        toml | Tom's obvious minimal language | toml, config | text mit stable
        tomli | A little TOML parser | toml | mit stable
        tomlkit | TOML that keeps its style | toml, style | mit stable
        simplejson | Simple, fast and extensible JSON encoder and decoder | json | mit stable
        ujson | Ultra fast JSON encoder and decoder | json | bsd stable
        orjson | Fast, correct JSON library with dataclasses and datetimes | json, serialization | mit stable
        msgpack | MessagePack serializer | serialization, binary | apache stable
        jsonschema | An implementation of JSON Schema validation | json, validation | mit stable
        marshmallow | Converts complex types to and from simple ones | serialization, validation | mit stable
        pydantic | Data validation by type hints | validation, parsing | mit stable
        pydantic-settings | Settings management with pydantic | settings, environment | mit stable
        attrs | Classes without boilerplate | class, decorator | mit stable
        cattrs | Structuring and unstructuring of attrs classes | serialization | mit stable
        python-dotenv | Reads key-value pairs from a .env file into the environment | env, dotenv, settings | bsd stable
        python-decouple | Strict separation of settings from code | settings, ini | mit stable
        dynaconf | The dynamic configurator of your project | settings, configuration | mit stable
        hydra-core | Framework for configuring complex applications | configuration | mit stable
        configobj | Reading and writing of config files | ini, config | bsd stable
        pytest | Simple powerful testing | test, unittest | test pytest mit stable
        pytest-cov | Coverage measured while testing | coverage | test pytest mit stable
        pytest-xdist | Distributed testing and loop-on-failing modes | parallel | test pytest mit stable
        pytest-mock | Thin wrapper around mock for use with pytest | mock | test pytest mit stable
        pytest-asyncio | Support for asyncio in tests | asyncio | test pytest apache stable
        pytest-django | A plugin for testing Django projects | django | test pytest django bsd stable
        pytest-benchmark | A fixture for benchmarking code | benchmark | test pytest bsd stable
        pytest-timeout | Aborts hanging tests | timeout | test pytest mit stable
        hypothesis | Property-based testing | fuzzing, quickcheck | test stable
        tox | Virtualenv-based automation of test activities | virtualenv, ci | test mit stable
        nox | Flexible test automation | automation, ci | test apache stable
        coverage | Measurement of code coverage | coverage, branch | test apache stable
        mock | Rolling backport of unittest.mock | mock, stub | test bsd stable
        factory-boy | Replacement for fixtures: test objects from factories | fixtures | test mit stable
        Faker | Generates fake data: names, addresses, texts | fixtures, data | test mit stable
        freezegun | Lets your tests travel through time | time, datetime | test apache stable
        vcrpy | Records HTTP interactions and plays them back | http, cassette | test mit stable
        locust | Load testing with user behaviour in code | load, performance | test mit stable
        behave | Behaviour-driven development | bdd, gherkin | test bsd stable
        robotframework | Generic automation framework for acceptance testing | bdd, acceptance | test apache stable
        black | The uncompromising code formatter | formatter, style | qa mit stable
        isort | Sorts imports | imports, formatter | qa mit stable
        flake8 | Checks source for style: pycodestyle, pyflakes and complexity | lint, pep8 | qa mit stable
        pylint | Static code checker | lint, static analysis | qa gpl stable
        ruff | An extremely fast linter and code formatter, written in Rust | lint, formatter | qa mit beta
        mypy | Optional static typing | types, checker | qa mit stable
        pyright | Command line wrapper for the pyright type checker | types, checker | qa mit stable
        bandit | Finds common security problems in code | security, lint | sec qa apache stable
        pycodestyle | Style guide checker | pep8, style | qa mit stable
        pyflakes | Passive checker of programs | lint | qa mit stable
        autopep8 | Formats code by the PEP 8 style guide | pep8, formatter | qa mit stable
        yapf | A formatter of code from Google | formatter | qa apache beta
        pre-commit | Manages hooks that run before each commit | git, hooks | qa mit stable
        pip | The installer of packages | install, packages | build mit stable
        setuptools | Builds, installs and manages packages easily | packaging, distutils | build mit stable
        wheel | Command line tool for the built package format | packaging | build mit stable
        build | A correct frontend that makes distributions | packaging, pep517 | build mit stable
        twine | Publishes distributions to a package index | upload, packaging | build apache stable
        poetry | Dependency management and packaging made easy | packaging, dependency | build mit stable
        pdm | A modern package and dependency manager | packaging, dependency | build mit stable
        hatch | Modern, extensible project management | packaging, environment | build mit stable
        flit | A simple way to publish modules | packaging | build bsd stable
        pipenv | Development workflow with virtual environments and lock files | virtualenv, pipfile | build mit stable
        virtualenv | Creates isolated environments | environment, isolated | build mit stable
        uv | An extremely fast package installer and resolver, written in Rust | install, resolver | build apache beta
        pip-tools | Keeps pinned dependencies fresh | requirements, lock | build bsd stable
        packaging | Core utilities for versions, specifiers and markers | pep440, version | build apache stable
        importlib-metadata | Reads the metadata of installed packages | metadata | apache stable
        cookiecutter | Creates projects from templates | template, scaffold | build bsd stable
        Sphinx | Documentation generator | docs, restructuredtext | sphinx text bsd stable
        sphinx-rtd-theme | Read the Docs theme for Sphinx | theme, docs | sphinx mit stable
        sphinx-autodoc-typehints | Type hints for the autodoc extension | docs, types | sphinx sphinxext mit stable
        myst-parser | An extended markdown parser for docutils | markdown, docs | sphinx sphinxext md mit stable
        mkdocs | Project documentation with Markdown | docs, static site | md bsd stable
        mkdocs-material | Documentation that simply works | docs, theme | md mit stable
        docutils | Documentation utilities | restructuredtext, docs | text stable
        Markdown | Implementation of John Gruber's Markdown | markdown, html | md bsd stable
        mistune | A sane and fast Markdown parser with plugins | markdown | md bsd stable
        markdown-it-py | Markdown parser done right | markdown, commonmark | md mit stable
        Pygments | Syntax highlighting | highlight, code | text bsd stable
        jupyter | The interactive notebook, all of its parts | notebook | jupyter bsd stable
        jupyterlab | The next generation of the notebook interface | notebook, ide | jupyter jupyterlab bsd stable
        notebook | Web application for interactive computing | jupyter | jupyter bsd stable
        ipython | Productive interactive computing | shell, repl | jupyter bsd stable
        ipykernel | The kernel behind the interactive shell | kernel, jupyter | jupyter bsd stable
        ipywidgets | Interactive widgets for notebooks | widgets, jupyter | jupyter bsd stable
        nbconvert | Converts notebooks to other formats | notebook, latex | jupyter bsd stable
        voila | Turns notebooks into standalone applications | dashboard, notebook | jupyter bsd stable
        streamlit | Builds data apps in minutes | dashboard, app | vis apache stable
        dash | Analytical web applications without JavaScript | dashboard, plotly | web vis flask mit stable
        gradio | Shares machine learning demos in the browser | demo, interface | ai apache stable
        cryptography | Cryptographic recipes and primitives | encryption, x509 | crypto apache stable
        pycryptodome | Cryptographic library of low-level primitives | aes, encryption | crypto bsd stable
        PyNaCl | Binding to the networking and cryptography library libsodium | libsodium, encryption | crypto apache stable
        pyOpenSSL | Wrapper module around OpenSSL | tls, ssl | crypto apache stable
        bcrypt | Modern password hashing | password, hash | crypto apache stable
        argon2-cffi | Argon2 for hashing passwords | password, hash | crypto mit stable
        passlib | Comprehensive password hashing framework | password, hash | crypto bsd stable
        PyJWT | JSON Web Tokens | jwt, token | sec mit stable
        python-jose | JOSE: signing and encryption of tokens | jwt, jwk | sec mit beta
        Authlib | Builds OAuth and OpenID Connect servers and clients | oauth, oidc | sec web bsd stable
        oauthlib | Thorough implementation of the logic of OAuth | oauth | sec bsd stable
        certifi | Mozilla's certificates for trust in TLS | ca, tls | sec stable
        keyring | Stores and reads passwords safely in the system's store | password, secret | sec mit stable
        paramiko | SSH protocol version 2, client and server | ssh, sftp | sec stable
        fabric | High level remote execution over SSH | ssh, deployment | admin bsd stable
        ansible | Radically simple automation of machines | automation, provisioning | admin gpl stable
        salt | Configuration management and remote execution | automation | admin apache stable
        invoke | Pythonic task execution | tasks, make | admin bsd stable
        docker | Client for the Docker Engine | container | sys apache stable
        kubernetes | Client for Kubernetes | container, cluster | sys apache stable
        psutil | Information about processes and the system | cpu, memory, monitoring | sys bsd stable
        watchdog | Watches the filesystem for changes | inotify, filesystem | sys apache stable
        supervisor | Controls processes on Unix | daemon, process | admin linux stable
        pexpect | Controls interactive console programs | expect, terminal | sys stable
        sh | Calls any program as if it were a function | subprocess, shell | sys mit stable
        pywin32 | Extensions for Windows | win32, com | win stable
        loguru | Logging made stupidly simple | logging, log | sys mit stable
        structlog | Structured logging | logging, json | sys mit stable
        sentry-sdk | Client that reports errors and performance | errors, monitoring | sys mit stable
        prometheus-client | Client for the Prometheus monitoring system | metrics, monitoring | admin apache stable
        opentelemetry-api | Interface for traces, metrics and logs | tracing, metrics | sys apache stable
        python-dateutil | Extensions to the standard datetime module | date, time, recurrence | apache stable
        pytz | World timezone definitions, modern and historical | timezone, olson | mit stable
        tzdata | Provider of time zone data | timezone, iana | apache stable
        arrow | Better dates and times | date, time, timezone | apache stable
        pendulum | Datetimes made easy | date, time | mit stable
        humanize | Turns numbers and dates into readable text | human, readable | text mit stable
        babel | Internationalization utilities | i18n, locale | text bsd stable
        Unidecode | ASCII transliterations of Unicode text | ascii, transliteration | text gpl stable
        chardet | Universal detector of character encodings | encoding, charset | text stable
        charset-normalizer | The real first universal charset detector | encoding, charset | text mit stable
        rapidfuzz | Rapid fuzzy string matching | levenshtein, fuzzy | text mit stable
        regex | Alternative regular expression module | re, unicode | text apache stable
        pyparsing | Defines and executes parsing grammars | parser, grammar | text mit stable
        lark | A modern parsing library | parser, grammar, earley | text mit stable
        ply | Lex and yacc | parser, lexer | text bsd stable
        openpyxl | Reads and writes Excel files | excel, xlsx | mit stable
        XlsxWriter | Creates Excel files | excel, xlsx | bsd stable
        xlrd | Extracts data from old Excel spreadsheets | excel, xls | bsd stable
        python-docx | Creates and changes Word documents | word, docx | mit stable
        pypdf | Splits, merges and crops PDF files | pdf | bsd stable
        reportlab | Generates PDF documents | pdf, print | bsd stable
        weasyprint | Turns HTML and CSS into PDF | pdf, print, css | bsd stable
        qrcode | Makes images of QR codes | qr, barcode | img bsd stable
        biopython | Tools for computational molecular biology | dna, sequence | bio stable
        astropy | Astronomy in one core package | fits, coordinates | astro bsd stable
        rdkit | Chemical informatics | chemistry, molecules | sci bsd stable
        geopandas | Geographic extensions to data frames | maps, shapefile | gis bsd stable
        shapely | Geometric objects, predicates and operations | geometry, polygon | gis bsd stable
        folium | Beautiful maps with Leaflet | map, leaflet | gis mit stable
        geopy | Geocoding of addresses | geocoder, distance | gis mit stable
        pygame | Game development | game, sdl | img stable
        kivy | User interfaces that run on desktops and phones | gui, touch | mit stable
        PyQt5 | Bindings for the Qt toolkit | gui, qt | gpl stable
        wxPython | Graphical interfaces that look native | gui, wx | stable
        pyserial | Access to the serial port | uart, rs232 | bsd stable
        discord.py | A wrapper for the programming interface of Discord | chat, bot | asyncio mit stable
        python-telegram-bot | Bots for Telegram without pain | chat, bot | gpl stable
        slack-sdk | Kit for building Slack apps | chat, bot | mit stable
        stripe | Client for the Stripe payments interface | payment, billing | mit stable
        tweepy | Access to the Twitter interface | twitter | mit stable
        GitPython | Works with git repositories | git, vcs | bsd stable
        PyGithub | Typed interactions with GitHub | github, api | gpl stable
        aiosmtpd | Asynchronous server for mail | smtp, mail | mail apache stable
        yagmail | Sends mail through Gmail, simply | mail, gmail | mail mit beta
        uebersetzer | Übersetzt Texte für mehrsprachige Anwendungen, größtenteils automatisch | Übersetzung | text mit beta
        jose-gazetteer | Diccionario geográfico de José Muñoz: municipios y años | geografía | gis mit beta
        left-pad | Pads a string on its left with spaces | string, padding | text mit stable
        quotation | Puts words between the right quotation marks | typography | text mit stable | It's the writer's friend: "smart quotes" without thinking.
        wildcard-matcher | Matches file names with * and ? as a shell does | glob, fnmatch | text mit stable
        sql-injector-lab | Teaches how ' OR 1=1; DROP TABLE users; -- goes wrong | education, security | sec mit beta
        backports.zoneinfo | Backport of the zoneinfo module to older interpreters | timezone | apache stable
        zope.interface | Interfaces as objects, for components | interface, component | stable
        """
}
